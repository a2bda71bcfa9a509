namespace MlNetDl.Analysis;

/// <summary>Puts the groups of channels that can go into cells.</summary>
internal static class ChannelCells
{
    public static IReadOnlyList<ChannelCell> Of(ChannelCoupling coupling)
    {
        // For each group the steps that have weights along it, in order.
        var places = new Dictionary<int, List<int>>();
        foreach (var (number, step) in coupling.Plan.Steps.Index())
        {
            foreach (int group in coupling.AxesOf(step).Where(a => a.IsOutput).SelectMany(a => a.Groups).Distinct())
            {
                if (!coupling.IsFixed(group))
                {
                    (places.TryGetValue(group, out var known) ? known : places[group] = []).Add(number);
                }
            }
        }

        return [.. places.GroupBy(p => string.Join(' ', p.Value)).Select(cell => new ChannelCell(
            cell.First().Value.Select(number => coupling.Plan.Steps[number].Path).ToValueList(),
            cell.Select(p => p.Key).ToValueList()))];
    }
}

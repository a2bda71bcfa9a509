using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>The parameters of a group whose ranges depend on others, by the declared space.</summary>
internal static class NarrowedAxes
{
    /// <summary>The axes in the space's order, each with the part of its range that the numbers of others leave.</summary>
    /// <param name="declared">The declared space, if there is one.</param>
    /// <param name="trial">The trial, with the numbers that it has already.</param>
    /// <param name="group">The parameters that are drawn together.</param>
    public static IReadOnlyList<(int Axis, Func<double[], Distribution> Part)> Of(
        SearchSpace? declared, TrialRecord trial, List<KeyValuePair<string, Distribution>> group) =>
    [
        .. (declared?.Parameters ?? []).Where(p => p.IsBounded)
            .Select(p => (Parameter: p, Axis: group.FindIndex(g => g.Key == p.Name)))
            .Where(p => p.Axis >= 0)
            .Select(p => (p.Axis, Part(declared!, p.Parameter, trial, group))),
    ];

    private static Func<double[], Distribution> Part(
        SearchSpace declared, SearchParameter parameter, TrialRecord trial, List<KeyValuePair<string, Distribution>> group) => point =>
    {
        var numbers = new Dictionary<string, double>(trial.Numbers);
        for (int i = 0; i < point.Length; i++)
        {
            numbers[group[i].Key] = point[i];
        }

        return declared.Narrowed(parameter, numbers) ?? parameter.Distribution;
    };
}

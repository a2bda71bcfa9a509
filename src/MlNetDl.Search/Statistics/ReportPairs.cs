namespace MlNetDl.Search.Statistics;

/// <summary>Reports of two trials side by side.</summary>
internal static class ReportPairs
{
    /// <summary>Pairs of values that two lists of reports have at the same steps. Both are in order of step.</summary>
    public static List<(double A, double B)> Of(IReadOnlyList<Report> a, IReadOnlyList<Report> b)
    {
        var pairs = new List<(double, double)>();
        for (int i = 0, j = 0; i < a.Count && j < b.Count;)
        {
            switch (a[i].Step.CompareTo(b[j].Step))
            {
                case < 0:
                    i++;
                    break;
                case > 0:
                    j++;
                    break;
                default:
                    pairs.Add((a[i++].Value, b[j++].Value));
                    break;
            }
        }

        return pairs;
    }
}

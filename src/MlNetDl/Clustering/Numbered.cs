namespace MlNetDl.Clustering;

/// <summary>Clusters or classes by number from 0, in the order of their own numbers.</summary>
internal static class Numbered
{
    /// <summary>The number of each row's cluster, and the clusters' own numbers.</summary>
    /// <exception cref="ArgumentException">There are other than one a row.</exception>
    public static (int[] OfRows, IReadOnlyList<int> Own) Of(int rows, IReadOnlyList<int> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.Count != rows)
        {
            throw new ArgumentException($"There are {rows} rows and {given.Count} clusters or classes of them; give one for each.", nameof(given));
        }

        int[] own = [.. given.Distinct().Order()];
        return ([.. given.Select(c => Array.BinarySearch(own, c))], own);
    }
}

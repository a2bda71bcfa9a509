namespace MlNetDl.Compression;

/// <summary>Matches what two models name alike but hold in another order.</summary>
internal static class NameOrder
{
    /// <summary>For each of the wanted names its place among the given ones; <see langword="null"/> where both stand in one
    /// order.</summary>
    /// <param name="wanted">The names in the order that is wanted.</param>
    /// <param name="given">The names in the order that is there.</param>
    /// <param name="areSame">Whether both are the same names.</param>
    public static long[]? Of(IReadOnlyList<string> wanted, IReadOnlyList<string> given, out bool areSame)
    {
        var places = given.Index().DistinctBy(n => n.Item).ToDictionary(n => n.Item, n => (long)n.Index);
        areSame = wanted.Count == given.Count && wanted.Distinct().Count() == wanted.Count && wanted.All(places.ContainsKey);
        return !areSame || wanted.SequenceEqual(given) ? null : [.. wanted.Select(n => places[n])];
    }
}

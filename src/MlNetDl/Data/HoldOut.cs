namespace MlNetDl.Data;

/// <summary>Decides, row by row, which rows are held out for validation: one in every 1/fraction consecutive rows of
/// each class, drawn by the seed.</summary>
/// <remarks>The split is stratified without knowing the classes beforehand, and is the same for data in memory and for
/// streams. Use one instance for one pass.</remarks>
/// <param name="fraction">Share held out, 0 or more and below 1.</param>
/// <param name="seed">The seed.</param>
/// <param name="kept">Classes that are not held out, because an earlier pass found them <see cref="Lost"/>.</param>
public sealed class HoldOut(double fraction, int seed, IReadOnlySet<long>? kept = null)
{
    private readonly Dictionary<long, (long Row, long Held)> classes = [];

    /// <summary>The classes that were held out whole, so that training would not see them. A class of one row is easily
    /// lost.</summary>
    public IReadOnlyList<long> Lost => fraction <= 0 ? [] : [.. classes.Where(c => c.Value.Held == c.Value.Row).Select(c => c.Key).Order()];

    /// <summary>Decides over all rows of a set at once. A class that would lose all its rows keeps them.</summary>
    /// <param name="classes">The class of each row; the same one for all where there are none.</param>
    /// <param name="fraction">Share held out, 0 or more and below 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Whether each row is held out.</returns>
    public static bool[] Of(IEnumerable<long> classes, double fraction, int seed) => Of(classes, fraction, seed, []);

    internal static bool[] Of(IEnumerable<long> classes, double fraction, int seed, HashSet<long> kept)
    {
        bool[] held;
        HoldOut pass;
        do
        {
            pass = new(fraction, seed, kept);
            held = [.. classes.Select(pass.Next)];
        }
        while (pass.Lost.Any(kept.Add));
        return held;
    }

    /// <summary>Whether the next row, of class <paramref name="label"/> (0 for regression), is held out.</summary>
    public bool Next(long label)
    {
        if (fraction <= 0)
        {
            return false;
        }

        var (row, held) = classes.GetValueOrDefault(label);
        double block = 1 / fraction;
        long index = (long)(row / block);
        double position = SeededOrder.Generator(unchecked(seed + ((int)label * 31)), (int)index).NextDouble() * block;
        bool take = held <= index && row + 1 > (index * block) + position && kept?.Contains(label) != true;
        classes[label] = (row + 1, held + (take ? 1 : 0));
        return take;
    }
}

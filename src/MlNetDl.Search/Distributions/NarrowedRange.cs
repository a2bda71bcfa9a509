namespace MlNetDl.Search.Distributions;

/// <summary>The part of a range that a trial may have.</summary>
internal static class NarrowedRange
{
    /// <summary>The values of a range between two numbers, both included.</summary>
    /// <param name="whole">The range.</param>
    /// <param name="least">The smallest value allowed; no number for none.</param>
    /// <param name="most">The largest value allowed; no number for none.</param>
    /// <returns>A distribution with the range as its <see cref="Distribution.Whole"/>; the range itself where all its values
    /// are allowed; <see langword="null"/> where none is.</returns>
    public static Distribution? Of(Distribution whole, double? least, double? most) => whole switch
    {
        Choice => whole,
        { Steps: { } count } => Steps(whole, count, least ?? double.NegativeInfinity, most ?? double.PositiveInfinity),
        Uniform range => Real(range, range.From, range.To, least, most, (from, to) => range with { From = from, To = to, Whole = range }),
        LogUniform range => Real(range, range.From, range.To, least, most, (from, to) => range with { From = from, To = to, Whole = range }),
        _ => whole,
    };

    /// <summary>Smallest and largest value of a range.</summary>
    public static (double First, double Last) Ends(Distribution range) => range switch
    {
        { Steps: { } count } => (range.At(0), range.At(count - 1)),
        LogUniform real => (real.From, real.To),
        _ => (range.FromUnit(0), range.FromUnit(1)),
    };

    private static Distribution? Real(
        Distribution whole, double from, double to, double? least, double? most, Func<double, double, Distribution> part)
    {
        double first = Math.Max(from, least ?? from), last = Math.Min(to, most ?? to);
        return first > last ? null : first == from && last == to ? whole : part(first, last);
    }

    private static Distribution? Steps(Distribution whole, long count, double least, double most)
    {
        long first = whole.IndexOf(least), last = whole.IndexOf(most);
        first += whole.At(first) < least ? 1 : 0;
        last -= whole.At(last) > most ? 1 : 0;
        return first > last || first >= count || last < 0 ? null
            : first == 0 && last == count - 1 ? whole
            : whole is Integer integer ? integer with { From = (long)whole.At(first), To = (long)whole.At(last), Whole = whole }
            : (Uniform)whole with { From = whole.At(first), To = whole.At(last), Whole = whole };
    }
}

using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.PopulationBased;

/// <summary>Values beside others.</summary>
internal static class Neighbour
{
    /// <summary>A number times a factor, as near as its distribution has it. A whole number moves by a step at least, unless
    /// it is the last one; an option stays.</summary>
    public static double Of(Distribution distribution, double number, double factor) => distribution switch
    {
        Uniform range => Math.Clamp(number * factor, range.From, range.To),
        LogUniform range => Math.Clamp(number * factor, range.From, range.To),
        Integer whole => Whole(whole, (long)number, number * factor, factor),
        _ => number,
    };

    // In steps from the first value, because doubles do not hold sums beyond 2⁵³.
    private static double Whole(Integer whole, long number, double wanted, double factor)
    {
        long steps = (number - whole.From) / whole.Step;
        double moved = (wanted - number) / whole.Step;
        long by = (long)Math.Round(moved);
        if (by == 0)
        {
            by = moved == 0 ? Math.Sign(factor - 1) : Math.Sign(moved);
        }

        return whole.From + (Math.Clamp(steps + by, 0, whole.Count - 1) * whole.Step);
    }
}

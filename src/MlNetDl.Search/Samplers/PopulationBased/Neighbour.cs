using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.PopulationBased;

/// <summary>Values beside others.</summary>
internal static class Neighbour
{
    /// <summary>A number times a factor, as near as its distribution has it. A number in steps moves by one at least, unless
    /// it is the last one; an option stays.</summary>
    public static double Of(Distribution distribution, double number, double factor) => distribution switch
    {
        Integer whole => Stepped(whole, number, number * factor, factor, whole.Step),
        Uniform { Step: { } step } range => Stepped(range, number, number * factor, factor, step),
        Uniform range => Math.Clamp(number * factor, range.From, range.To),
        LogUniform range => Math.Clamp(number * factor, range.From, range.To),
        _ => number,
    };

    // In steps from the first value, because doubles do not hold sums beyond 2⁵³.
    private static double Stepped(Distribution distribution, double number, double wanted, double factor, double step)
    {
        double moved = (wanted - number) / step;
        long by = (long)Math.Round(moved);
        if (by == 0)
        {
            by = moved == 0 ? Math.Sign(factor - 1) : Math.Sign(moved);
        }

        return distribution.At(Math.Clamp(distribution.IndexOf(number) + by, 0, distribution.Steps!.Value - 1));
    }
}

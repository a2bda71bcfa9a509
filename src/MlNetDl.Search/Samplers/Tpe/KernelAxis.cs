using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>One parameter of a mixture: a kernel for each observation and, last, the prior's.</summary>
/// <remarks>Positions are those of <see cref="Position"/>: where a number lies in its range from 0 to 1 (of logarithmic
/// ranges by its logarithm), or the index of an option. So kernels need not know ranges.</remarks>
internal abstract class KernelAxis
{
    /// <summary>How many kernels, the prior's included.</summary>
    public abstract int Count { get; }

    /// <summary>Kernels at observed positions.</summary>
    /// <param name="distribution">The parameter's distribution.</param>
    /// <param name="positions">The observed positions.</param>
    /// <param name="priorWeight">The weight of the prior, above 0.</param>
    public static KernelAxis Of(Distribution distribution, double[] positions, double priorWeight) => distribution switch
    {
        Choice choice => new ChoiceAxis(choice, positions, priorWeight),
        { Steps: not null } => new SteppedAxis(distribution, positions),
        _ => new NumberAxis(distribution, positions),
    };

    /// <summary>Where a number lies.</summary>
    public static double Position(Distribution distribution, double number) =>
        distribution is Choice ? number : distribution.ToUnit(number);

    /// <summary>A number drawn from one kernel.</summary>
    public abstract double Draw(int kernel, TrialRandom random);

    /// <summary>A number drawn from what one kernel has in a part of the range.</summary>
    public abstract double Draw(int kernel, TrialRandom random, Distribution part);

    /// <summary>Adds each kernel's log density at a number; for numbers in steps and options the log
    /// probability.</summary>
    /// <param name="number">A number of the distribution.</param>
    /// <param name="logs">One for each kernel.</param>
    public abstract void AddLog(double number, Span<double> logs);
}

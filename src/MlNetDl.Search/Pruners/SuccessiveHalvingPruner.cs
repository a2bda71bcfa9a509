using MlNetDl.Configuration;

namespace MlNetDl.Search.Pruners;

/// <summary>Asynchronous successive halving, ASHA (Li et al. 2018, "A system for massively parallel hyperparameter
/// tuning", arXiv:1810.05934, algorithm 2): at steps r·ηˢ, r·ηˢ⁺¹, … a trial goes on only when it is among the best 1/η
/// of those that came as far.</summary>
/// <remarks>
/// <para>As no trial is paused, a trial is judged by the trials before it, and the best one at a rung always goes on. A
/// report counts for every rung that its step reaches; a NaN there stops the trial.</para>
/// <para>Steps are the resource: count epochs from 1. How many a whole trial takes is not known here, so there are
/// rungs without end. Do not ask after a trial's last report: a rung there would stop a trial that is done.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("asha", pruner: new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 });
/// study.Optimize(
///     trial =>
///     {
///         double x = trial.Uniform("x", -1, 1);
///         for (int epoch = 1; epoch &lt; 27; epoch++)
///         {
///             trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch)); // rungs at epochs 1, 3 and 9
///         }
///
///         return Math.Abs(x);
///     },
///     trials: 40);
/// </code></example>
public sealed record SuccessiveHalvingPruner : TrialPruner
{
    /// <summary>The step r of the first rung at s = 0; 1 or more. <see langword="null"/>, the default: a hundredth of
    /// the steps of the first complete trial, at least 1; until there is one, no trial is pruned.</summary>
    [AtLeast(1)]
    public long? MinResource { get; init; }

    /// <summary>η: one in so many goes on, and the next rung is so many times as far; 2 or more, 4 by default as
    /// in the paper.</summary>
    [AtLeast(2)]
    public int ReductionFactor { get; init; } = 4;

    /// <summary>s: how many rungs are left out at the beginning; 0 or more, 0 by default: the earliest stops.</summary>
    [AtLeast(0)]
    public int MinEarlyStoppingRate { get; init; }

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial) =>
        (MinResource ?? (CompleteLengths.Of(history).First is { } last ? Math.Max(last / 100, 1) : null)) is { } resource
        && Stops(history, trial, this, resource, MinEarlyStoppingRate, ReductionFactor, _ => true);

    /// <summary>Halving at rungs r·η^(s + k) among the trials that compete.</summary>
    internal static bool Stops(
        History history,
        TrialRecord trial,
        object owner,
        long resource,
        int rate,
        int factor,
        Func<TrialRecord, bool> competes)
    {
        long first = resource;
        for (int i = 0; i < rate; i++)
        {
            if (first > long.MaxValue / factor)
            {
                return false;
            }

            first *= factor;
        }

        return history.Cache(owner, () => new RungValues(first, factor, history.Goals[0], competes)).Stops(history, trial);
    }
}

using MlNetDl.Configuration;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial whose latest value lies outside fixed bounds, or is NaN: training has diverged. It looks at
/// no other trial.</summary>
/// <example><code>
/// using var study = Study.InMemory("diverged", pruner: new ThresholdPruner { Upper = 100 });
/// study.Optimize(
///     trial =>
///     {
///         double loss = 1, rate = trial.Uniform("rate", 0, 4);
///         for (int epoch = 1; epoch &lt;= 10; epoch++)
///         {
///             loss *= Math.Abs(1 - rate); // gradient descent on a parabola
///             trial.ReportAndMaybePrune(epoch, loss);
///         }
///
///         return loss;
///     },
///     trials: 30);
/// </code></example>
public sealed record ThresholdPruner : TrialPruner
{
    /// <summary>The smallest value that goes on; no bound by default.</summary>
    public double? Lower { get; init; }

    /// <summary>The largest value that goes on; no bound by default.</summary>
    public double? Upper { get; init; }

    /// <summary>No trial is pruned before this step; 0 or more, 0 by default.</summary>
    [AtLeast(0)]
    public long WarmUpSteps { get; init; }

    /// <summary>Steps between two looks, counted from the warm-up; 1 or more, 1 by default.</summary>
    [AtLeast(1)]
    public long Interval { get; init; } = 1;

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial)
    {
        var (step, value) = trial.Reports[^1];
        return step >= WarmUpSteps
            && IsFirstInInterval(trial.Reports, WarmUpSteps, Interval)
            && (double.IsNaN(value) || value < Lower || value > Upper);
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Lower is double.NaN || Upper is double.NaN)
        {
            yield return new(Lower is double.NaN ? "lower" : "upper", "must be a number but is NaN.");
        }

        if (Lower > Upper)
        {
            yield return new("lower", FormattableString.Invariant($"must not be above upper, {Upper}, but is {Lower}."));
        }
    }
}

using MlNetDl.Configuration;

namespace MlNetDl.Training.Schedules;

/// <summary>How the learning rate changes over training: a pure function of the step, so that resuming
/// needs no state.</summary>
public abstract record Schedule : ICheckedRecord
{
    /// <summary>Share of all steps in which the rate rises in a line from 0 to the schedule's first rate; 0 or more and
    /// below 1. The whole schedule then runs over the remaining steps.</summary>
    [AtLeast(0), Below(1)]
    public double WarmUp { get; init; }

    /// <summary>The factor on the optimiser's learning rate at <paramref name="step"/>, counted from
    /// 0, of <paramref name="totalSteps"/>.</summary>
    /// <exception cref="ComponentException">The schedule's code failed, or gave no finite number.</exception>
    public double FactorAt(long step, long totalSteps) => FactorAt(step, totalSteps, null);

    /// <summary>The same, for errors that name the epoch, counted from 0.</summary>
    internal double FactorAt(long step, long totalSteps, int? epoch)
    {
        var (factor, reason) = (double.NaN, (Exception?)null);
        try
        {
            factor = WithWarmUp(step, totalSteps);
        }
        catch (Exception e) when (e is not ComponentException)
        {
            reason = e;
        }

        if (double.IsFinite(factor))
        {
            return factor;
        }

        var place = FormattableString.Invariant($"{(epoch is null ? "" : $"epoch {epoch + 1}, ")}step {step + 1} of all {totalSteps}");
        throw reason is not null
            ? new ComponentException(this, nameof(Factor), reason, place)
            : new ComponentException(this, nameof(Factor), FormattableString.Invariant(
                $"it gave {factor}; give a finite number, by which the learning rate is multiplied."), place);
    }

    private double WithWarmUp(long step, long totalSteps)
    {
        // A share such as 0.1 is not exact in binary: 0.1 of 30 steps must be 3, not the next whole number above
        // 3.0000000000000004.
        long rise = (long)Math.Ceiling((WarmUp * totalSteps) - 1e-9);
        long left = Math.Max(1, totalSteps - rise);
        return step < rise ? (step + 1.0) / rise * Factor(0, left) : Factor(step - rise, left);
    }

    /// <summary>The factor without warm-up, at <paramref name="step"/> of <paramref name="totalSteps"/>.</summary>
    protected abstract double Factor(long step, long totalSteps);

    /// <summary>The problems that declared ranges cannot express, such as rules between members; none by
    /// default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

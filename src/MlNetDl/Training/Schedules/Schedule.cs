namespace MlNetDl.Training.Schedules;

/// <summary>How the learning rate changes over training: a pure function of the step, so that resuming needs no state.</summary>
public abstract record Schedule
{
    /// <summary>Steps over which the rate rises linearly from 0 at the start, as a share of all steps; 0 or more and below 1.</summary>
    public double WarmUp { get; init; }

    /// <summary>The factor on the optimiser's learning rate at <paramref name="step"/>, counted from 0, of <paramref name="totalSteps"/>.</summary>
    public double FactorAt(long step, long totalSteps)
    {
        double warmUpSteps = WarmUp * totalSteps;
        return step < warmUpSteps ? (step + 1) / Math.Ceiling(warmUpSteps) : Factor(step, totalSteps);
    }

    /// <summary>The factor after warm-up.</summary>
    protected abstract double Factor(long step, long totalSteps);

    /// <summary>Refuses settings out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is.</exception>
    public virtual void Validate() => Range.Within(WarmUp, 0, 1, "training.schedule.warmUp");
}


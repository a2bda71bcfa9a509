using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>How far a sweep is.</summary>
public sealed record SweepStatus
{
    private const int MostReasons = 3;

    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it has its result.</summary>
    public bool IsDone { get; init; }

    /// <summary>Runners that work on it now; those on other machines too where their file system tells of locks.</summary>
    public int Runners { get; init; }

    /// <summary>Worker processes that work on it now, those of the runners among them.</summary>
    public int Workers { get; init; }

    /// <summary>Configurations in total, as <c>search.maxTrials</c> has them.</summary>
    public int MaxTrials { get; init; }

    /// <summary>Trials that finished with a value.</summary>
    public int Complete { get; init; }

    /// <summary>Trials that were ended early, or not trained because of a constraint.</summary>
    public int Pruned { get; init; }

    /// <summary>Trials that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Trials that were enqueued or given back, and will run.</summary>
    public int Waiting { get; init; }

    /// <summary>Trials that were enqueued beyond <c>search.maxTrials</c>: they run once the search is extended.</summary>
    public int Beyond { get; init; }

    /// <summary>Trials that were taken out of the queue.</summary>
    public int Cancelled { get; init; }

    /// <summary>The best trial so far, or the trials of the Pareto front; empty while none is complete.</summary>
    public required IReadOnlyList<BestTrial> Best { get; init; }

    /// <summary>The trials that run, in order of number. Where nobody works on the sweep they were left by processes that
    /// died, and the next worker takes them up.</summary>
    public required IReadOnlyList<RunningTrial> Running { get; init; }

    /// <summary>The first failed trials, one for each reason, three at most.</summary>
    public required IReadOnlyList<FailedTrial> Failures { get; init; }

    /// <summary>The first trials that break a constraint, three at most; they are among the complete ones, or the pruned ones
    /// where the network alone breaks it.</summary>
    public IReadOnlyList<InfeasibleTrial> Infeasible { get; init; } = [];

    /// <summary>How many trials break a constraint.</summary>
    public int InfeasibleTrials { get; init; }

    /// <summary>The trials that led to the best one by population-based training, itself the last;
    /// <see langword="null"/> with other samplers, and while none is complete.</summary>
    public IReadOnlyList<LineagePart>? Lineage { get; init; }

    /// <summary>The final round; <see langword="null"/> before it begins.</summary>
    public FinalStatus? Final { get; init; }

    internal static SweepStatus Of(Experiment experiment, Sweep? sweep, FinalRound? final)
    {
        var trials = sweep?.Study.Trials ?? [];
        var infeasible = trials.Where(t => !t.IsFeasible).ToList();
        return new()
        {
            Name = experiment.Name,
            MaxTrials = experiment.Search!.MaxTrials,
            Complete = Count(TrialState.Complete),
            Pruned = Count(TrialState.Pruned),
            Failed = Count(TrialState.Failed),
            Waiting = trials.Count(t => t.State == TrialState.Waiting && t.Number < experiment.Search.MaxTrials),
            Beyond = trials.Count(t => t.State == TrialState.Waiting && t.Number >= experiment.Search.MaxTrials),
            Cancelled = Count(TrialState.Cancelled),
            Best = sweep is null ? [] : SweepResult.Best(sweep, SweepResult.Leading(sweep)),
            Running = [.. trials.Where(t => t.State == TrialState.Running).Select(t => RunningTrial.Of(t, sweep!))],
            Failures = [.. trials.Where(t => t.State == TrialState.Failed).DistinctBy(t => t.Error).Take(MostReasons)
                .Select(t => new FailedTrial(t.Number, t.Error ?? ""))],
            InfeasibleTrials = infeasible.Count,
            Infeasible = [.. infeasible.Take(MostReasons).Select(t => new InfeasibleTrial(t.Number, experiment.Search.Broken(t)!))],
            Lineage = sweep is not null && TrialLineage.IsIn(sweep) && sweep.Study.Best is { } best ? TrialLineage.Of(sweep, best) : null,
            Final = final is null ? null : new(final.Best, final.Ended().Count(), final.Count),
        };

        int Count(TrialState state) => trials.Count(t => t.State == state);
    }
}

/// <summary>A trial that runs.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Worker">Who runs it.</param>
/// <param name="Since">When its current attempt started.</param>
/// <param name="Attempt">Which attempt it is, from 1.</param>
/// <param name="Reports">How many values it has reported: one an epoch, or one a seed.</param>
/// <param name="Value">The last one; <see langword="null"/> before the first.</param>
public sealed record RunningTrial(int Number, string? Worker, DateTimeOffset? Since, int Attempt, int Reports, double? Value)
{
    /// <summary>What proposed it, such as <c>tpe</c>, <c>random</c> or <c>enqueued</c>; <see langword="null"/> where that is not
    /// known.</summary>
    public string? Proposal { get; init; }

    internal static RunningTrial Of(TrialRecord trial, Sweep sweep) => new(
        trial.Number,
        trial.Worker,
        trial.Started,
        trial.Attempt,
        trial.Reports.Count,
        sweep.Search.Objective.Count == 1 && trial.Reports.Count > 0 ? trial.Reports[^1].Value : null)
    {
        Proposal = trial.Proposal,
    };
}

/// <summary>A trial that failed.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Reason">Why.</param>
public sealed record FailedTrial(int Number, string Reason);

/// <summary>A trial that breaks a constraint.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Broken">What it breaks, such as <c>latencyMs 3.1 > 2</c>.</param>
public sealed record InfeasibleTrial(int Number, string Broken);

/// <summary>How far the final round is.</summary>
/// <param name="Trial">The trial whose configuration is trained anew.</param>
/// <param name="Ended">Trainings that have ended.</param>
/// <param name="Trainings">Trainings in total: one for each configuration and seed.</param>
public sealed record FinalStatus(int Trial, int Ended, int Trainings);

using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>What a sweep searches and how: the <c>search</c> of an experiment. Its presence makes the experiment
/// a sweep.</summary>
public sealed record SearchOptions : ICheckedRecord
{
    /// <summary>What is searched, by the path of the value in the experiment:
    /// <c>training.optimizer.learningRate: { logUniform: [1e-4, 1e-1] }</c>. A value is a range
    /// (<c>uniform</c>, <c>logUniform</c>, <c>integer</c>), a <c>choice</c>, a <c>list</c> of searched length, <c>auto</c>,
    /// or a value with such parts inside.</summary>
    /// <remarks><c>auto</c> takes what the property declares: the search attributes of a component of one's own, else
    /// both ends of its range, else all values of a flag or an enumeration. A <c>choice</c> between components may
    /// search inside each of them; such a parameter exists only in the trials that choose its component.</remarks>
    public required OrderedDictionary<string, Option> Space { get; init; }

    /// <summary>What a trial is judged by; several for a Pareto front.</summary>
    public required ValueList<SearchObjective> Objective { get; init; }

    /// <summary>Bounds on figures, such as <c>macs &lt;= 1e6</c>; none by default. One on a figure of the network alone
    /// (<c>parameters</c>, <c>macs</c>) ends a trial before it trains. A trial that breaks another is never the best.</summary>
    public ValueList<string> Constraints { get; init; } = [];

    /// <summary>Proposes configurations; TPE by default. With <c>populationBased</c> a trial is a part of a training: it
    /// goes on from the checkpoint of another one, for <c>training.epochs</c> epochs.</summary>
    public Sampler Sampler { get; init; } = new TpeSampler();

    /// <summary>Ends trials that do badly; none by default.</summary>
    public TrialPruner Pruner { get; init; } = new NoPruner();

    /// <summary>Configurations in total: finished, pruned and failed ones count, also those of earlier runs; 50 by
    /// default.</summary>
    [AtLeast(1)]
    public int MaxTrials { get; init; } = 50;

    /// <summary>The time after which no trial begins and those that run are stopped, with a checkpoint; by default there
    /// is no bound. A continued sweep has the whole time again.</summary>
    public Duration? MaxTime { get; init; }

    /// <summary>Ends the search after so many finished trials without a better one; by default it is not.</summary>
    [AtLeast(1)]
    public int? Patience { get; init; }

    /// <summary>Processes that train at the same time; 1 by default. The threads of the machine are shared among
    /// them.</summary>
    [AtLeast(1), AtMost(256)]
    public int Workers { get; init; } = 1;

    /// <summary>Seeds that each configuration is trained with, from <c>training.seed</c> on; 1 by default. Its value is
    /// the mean, and it counts as one trial.</summary>
    [AtLeast(1)]
    public int Repeat { get; init; } = 1;

    /// <summary>Folds of a cross-validation, 2 or more: each configuration is trained as often, each time without one fold,
    /// which is its validation data. Its value is the mean, and it counts as one trial. By default there are no folds, and
    /// <c>training.validationFraction</c> holds data out.</summary>
    [AtLeast(2)]
    public int? Folds { get; init; }

    /// <summary>How the best configuration is trained and tested in the end; by default it is not, and the model of the
    /// best trial is the result.</summary>
    public FinalOptions? Final { get; init; }

    /// <summary>The longest time of a trial of the search. One that takes longer fails; by default there is no bound.
    /// <see cref="FinalOptions.Timeout"/> is that of trainings of the final round.</summary>
    public Duration? TrialTimeout { get; init; }

    /// <summary>Trials after which a worker process is replaced by a new one; 100 by default, as native memory may grow
    /// slowly.</summary>
    [AtLeast(1)]
    public int TrialsPerWorker { get; init; } = 100;

    /// <summary>Megabytes of memory beyond which a worker process is replaced after its trial; by default there is no
    /// bound.</summary>
    [AtLeast(256)]
    public int? WorkerMemoryMB { get; init; }

    /// <summary>How many worker processes a trial may take with it before it fails; 3 by default. A trial that gets on
    /// between two crashes begins to count anew.</summary>
    [AtLeast(1)]
    public int MaxLost { get; init; } = 3;

    /// <summary>What a trial breaks of <see cref="Constraints"/>, in words such as <c>latencyMs 3.1 > 2</c>;
    /// <see langword="null"/> where it keeps all.</summary>
    /// <param name="trial">A trial of this search.</param>
    public string? Broken(TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return BrokenBounds.Of([.. FigureBound.Constraints(Constraints)], trial);
    }

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Space is null || Objective is null)
        {
            yield break;
        }

        if (Space.Count == 0)
        {
            yield return new("space", "is empty; name what is searched, such as training.optimizer.learningRate: { logUniform: [1e-4, 1e-1] }.");
        }

        if (Objective.Count == 0)
        {
            yield return new("objective", "is empty; name a figure, such as { maximize: validation.accuracy }.");
        }

        for (int i = 1; i < Objective.Count; i++)
        {
            if (Objective.Take(i).Any(o => o.Figure == Objective[i].Figure))
            {
                yield return new($"objective[{i}]", $"is {Objective[i].Figure} a second time; give each figure once.");
            }
        }

        if (Objective.Count > 1 && Pruner is not NoPruner)
        {
            yield return new("pruner", $"judges one objective, but there are {Objective.Count}; leave the pruner out.");
        }

        if (Objective.Count > 1 && Final is not null)
        {
            yield return new("final", $"needs one best configuration, but there are {Objective.Count} objectives; leave it out.");
        }

        if (Objective.Count > 1 && Patience is not null)
        {
            yield return new("patience", $"needs one best configuration, but there are {Objective.Count} objectives; leave it out.");
        }

        if (Objective.Count > 1 && Sampler is GaussianProcessSampler or CmaEsSampler)
        {
            yield return new("sampler", $"searches for one objective, but there are {Objective.Count}; take nsga2 or tpe.");
        }

        if (Folds is not null && Repeat > 1)
        {
            yield return new("folds", "train each configuration several times already; leave 'repeat' out.");
        }

        for (int i = 0; i < Constraints.Count; i++)
        {
            if (FigureBound.Problem(Constraints[i]) is { } problem)
            {
                yield return new($"constraints[{i}]", problem);
            }
        }
    }
}

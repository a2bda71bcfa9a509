using System.Text.Json.Nodes;

namespace MlNetDl.Experiments;

/// <summary>What the search of a sweep found.</summary>
public sealed record SweepSummary
{
    /// <summary>Trials that finished with a value.</summary>
    public int Complete { get; init; }

    /// <summary>Trials that were ended early, or not trained because of a constraint.</summary>
    public int Pruned { get; init; }

    /// <summary>Trials that failed.</summary>
    public int Failed { get; init; }

    /// <summary>The best trial, or the trials of the Pareto front where there are several objectives.</summary>
    public required IReadOnlyList<BestTrial> Best { get; init; }

    /// <summary>The trials that led to the best one by population-based training, itself the last: the schedule of its
    /// parameters; <see langword="null"/> with other samplers.</summary>
    public IReadOnlyList<LineagePart>? Lineage { get; init; }

    /// <summary>The best configuration over seeds, tested, and what it was compared with; <see langword="null"/> where
    /// <c>search.final</c> was not asked for.</summary>
    public FinalSummary? Final { get; init; }
}

/// <summary>A trial that no other beats.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Values">Its value of each objective, by the figure's name.</param>
/// <param name="Parameters">Its parameters by name.</param>
public sealed record BestTrial(int Number, IReadOnlyDictionary<string, double> Values, JsonObject Parameters)
{
    /// <summary>What proposed it, such as <c>tpe</c>, <c>random</c> or <c>enqueued</c>; <see langword="null"/> where that is not
    /// known.</summary>
    public string? Proposal { get; init; }
}

/// <summary>A part of a training that went from trial to trial.</summary>
/// <param name="Trial">The number of the trial.</param>
/// <param name="Epochs">The epochs that the training had in all after this part.</param>
/// <param name="Values">The values of the objectives after it, by the figure's name.</param>
/// <param name="Parameters">The parameters that it was trained with, by name.</param>
public sealed record LineagePart(int Trial, int Epochs, IReadOnlyDictionary<string, double> Values, JsonObject Parameters);

/// <summary>The end of a sweep: configurations over seeds, judged by the test data.</summary>
public sealed record FinalSummary
{
    /// <summary>The figure that the configurations are compared by, such as <c>test.accuracy</c>.</summary>
    public required string Figure { get; init; }

    /// <summary>The best configuration's values by seed.</summary>
    public required IReadOnlyList<double> Best { get; init; }

    /// <summary>The default configuration's values by seed; <see langword="null"/> where it was not asked for.</summary>
    public IReadOnlyList<double>? Default { get; init; }

    /// <summary>The comparison in words; <see langword="null"/> where nothing was compared.</summary>
    public string? Comparison { get; init; }

    /// <summary>Which of the two is better, <c>best</c> or <c>default</c>; <see langword="null"/> where no difference could be
    /// shown.</summary>
    public string? Better { get; init; }
}

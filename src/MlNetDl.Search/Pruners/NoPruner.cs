namespace MlNetDl.Search.Pruners;

/// <summary>Lets every trial run to its end.</summary>
/// <example><code>
/// using var study = Study.InMemory("all", pruner: new NoPruner()); // the default
/// study.Optimize(trial => Math.Abs(trial.Uniform("x", -1, 1)), trials: 20);
/// </code></example>
public sealed record NoPruner : TrialPruner
{
    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial) => false;
}

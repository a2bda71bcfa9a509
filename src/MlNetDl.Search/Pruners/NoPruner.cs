namespace MlNetDl.Search.Pruners;

/// <summary>Lets every trial run to its end.</summary>
public sealed record NoPruner : TrialPruner
{
    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial) => false;
}

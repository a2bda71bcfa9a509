namespace MlNetDl.Search;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>It will run: enqueued with fixed parameters, or given back by a worker that was
    /// asked to stop.</summary>
    Waiting,

    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>It has its values.</summary>
    Complete,

    /// <summary>A pruner stopped it.</summary>
    Pruned,

    /// <summary>It ended without values: the objective threw or returned NaN, or its workers died too often.</summary>
    Failed,

    /// <summary>It was taken out of the queue by <see cref="Study.Cancel"/> while it waited, and will not run. It keeps
    /// its number, counts towards <c>trials</c>, and says nothing about its parameters.</summary>
    Cancelled,

    /// <summary>A newer program gave it a state that this one does not know; <see cref="TrialRecord.UnknownState"/> has
    /// the word. It is neither run nor taken over here, samplers and pruners are told nothing of it, and only the newer
    /// program changes it.</summary>
    Unknown,
}

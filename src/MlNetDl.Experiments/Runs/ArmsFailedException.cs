namespace MlNetDl.Experiments;

/// <summary>Some arms of an experiment could not be trained. The others are, and stand in the ledger; the same command tries those
/// again.</summary>
public sealed class ArmsFailedException : InvalidOperationException
{
    internal ArmsFailedException(string path, IReadOnlyDictionary<string, string> arms)
        : base($"{arms.Count} {(arms.Count == 1 ? "arm has" : "arms have")} failed; the others stand in '{Path.Combine(path, LedgerFiles.Page)}':\n"
            + string.Join('\n', arms.Select(a => $"  {a.Key}: {a.Value}"))) => Arms = arms;

    /// <summary>Why each of them failed, by name.</summary>
    public IReadOnlyDictionary<string, string> Arms { get; }
}

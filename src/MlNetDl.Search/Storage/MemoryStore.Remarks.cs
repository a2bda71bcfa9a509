using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Storage;

/// <content>What is said about trials beside their results.</content>
public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public override void SetAttribute(Lease lease, string name, Option value)
    {
        lock (gate)
        {
            Held(lease);
            SetAttribute(lease.StudyId, lease.Number, name, value);
        }
    }

    /// <inheritdoc/>
    public override void SetAttribute(long study, int number, string name, Option value)
    {
        lock (gate)
        {
            var trial = Trial(study, number);
            var others = trial.Data.Attributes.Where(a => a.Key != name);
            Study(study).Change(trial, trial.Data with { Attributes = StoredTrial.InOrder(others.Append(KeyValuePair.Create(name, value))) });
        }
    }

    /// <inheritdoc/>
    public override void AddNote(long study, int number, string text)
    {
        lock (gate)
        {
            var trial = Trial(study, number);
            Study(study).Change(trial, trial.Data with { Notes = [.. trial.Data.Notes, new(Now(), text)] });
        }
    }
}

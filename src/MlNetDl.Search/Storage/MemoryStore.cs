using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Storage;

/// <summary>Studies in memory, gone with the process: for searches of seconds, and for tests.</summary>
/// <param name="clock">The time of leases and records; the system's by default.</param>
public sealed partial class MemoryStore(TimeProvider? clock = null) : StudyStore(clock)
{
    private readonly Lock gate = new();
    private readonly List<MemoryStudy> studies = [];

    /// <inheritdoc/>
    public override StoredStudy Open(string name, IReadOnlyList<Goal> goals, SearchSpace? space)
    {
        lock (gate)
        {
            var study = studies.Find(s => s.Info.Name == name);
            if (study is null)
            {
                studies.Add(study = new(new(studies.Count + 1, name, goals.ToValueList(), space, Now())));
            }
            else
            {
                study.Search(StudyRules.SpaceToKeep(study.Info, goals, space, study.Trials.Count), Now());
            }

            return study.Info;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredStudy> Studies()
    {
        lock (gate)
        {
            return [.. studies.Select(s => s.Info)];
        }
    }

    /// <inheritdoc/>
    public override StudyChanges Read(long study, long since)
    {
        lock (gate)
        {
            return Study(study).Read(since);
        }
    }

    /// <inheritdoc/>
    public override StartedTrial? Start(long study, StartRequest request)
    {
        lock (gate)
        {
            var memory = Study(study);
            StudyRules.CheckSpace(memory.Info.Name, memory.Info.Space, request.Space);
            foreach (int number in memory.Running.Where(n => n < request.Limit).ToList())
            {
                var trial = memory.Trials[number];
                // The process lives, because it asks. So only the steady clock counts.
                if (trial.LeaseUntil <= Clock.GetElapsedTime(0))
                {
                    bool again = ++trial.Lost < request.MaxLost;
                    memory.Note(Now(), number, "lost", StudyRules.LostText(trial.Data, ended: false, again));
                    if (again)
                    {
                        return Begin(memory, trial, request);
                    }

                    memory.Finish(trial, new(TrialState.Failed, [], [], StudyRules.LostTooOften(trial.Lost, trial.Data.Worker)), Now());
                    trial.Data = trial.Data with { IsLost = true };
                    trial.Token = null;
                }
            }

            if (memory.Waiting.Count > 0 && memory.Waiting.Min is var first && first < request.Limit)
            {
                return Begin(memory, memory.Trials[first], request);
            }

            return memory.Trials.Count < request.Limit ? Begin(memory, memory.Add(StoredTrial.Nothing), request) : null;
        }
    }

    /// <inheritdoc/>
    public override int Enqueue(long study, IReadOnlyDictionary<string, Option> fixedValues)
    {
        lock (gate)
        {
            var memory = Study(study);
            var trial = memory.Add(fixedValues);
            memory.Waiting.Add(trial.Data.Number);
            return trial.Data.Number;
        }
    }

    /// <inheritdoc/>
    public override void Cancel(long study, int number)
    {
        lock (gate)
        {
            var memory = Study(study);
            var trial = number >= 0 && number < memory.Trials.Count ? memory.Trials[number] : null;
            StudyRules.CheckWaits(memory.Info.Name, number, trial?.Data);
            memory.Waiting.Remove(number);
            memory.Finish(trial!, new(TrialState.Cancelled, [], []), Now());
        }
    }

    /// <inheritdoc/>
    public override void Renew(Lease lease, TimeSpan duration)
    {
        lock (gate)
        {
            Held(lease).Trial.LeaseUntil = Clock.GetElapsedTime(0) + duration;
        }
    }

    /// <inheritdoc/>
    public override void Suggest(Lease lease, IReadOnlyList<Suggestion> suggestions, string? proposal = null)
    {
        lock (gate)
        {
            var (study, trial) = Held(lease);
            foreach (var (name, distribution, _) in suggestions)
            {
                StudyRules.CheckSuggestion(
                    study.Info.Name,
                    trial.Data,
                    name,
                    distribution,
                    study.Parameters.GetValueOrDefault(name)?.Distribution);
            }

            study.Suggest(trial, suggestions, proposal, Now());
        }
    }

    /// <inheritdoc/>
    public override void Report(Lease lease, long step, string key, double value)
    {
        lock (gate)
        {
            var (study, trial) = Held(lease);
            if (trial.Steps.TryGetValue((step, key), out double before))
            {
                StudyRules.CheckSame(lease, step, key, before, value);
                return;
            }

            study.Report(trial, step, key, value);
        }
    }

    /// <inheritdoc/>
    public override void Finish(Lease lease, TrialOutcome outcome)
    {
        StudyRules.CheckOutcome(lease, outcome);
        lock (gate)
        {
            var (study, trial) = Held(lease);
            study.Finish(trial, outcome, Now());
        }
    }

    /// <inheritdoc/>
    public override void Release(Lease lease)
    {
        lock (gate)
        {
            var (study, trial) = Held(lease);
            trial.Token = null;
            study.Running.Remove(lease.Number);
            study.Waiting.Add(lease.Number);
            study.Change(trial, trial.Data with { State = TrialState.Waiting });
            study.Note(Now(), lease.Number, "released", $"attempt {lease.Attempt} was given back by {trial.Data.Worker}.");
        }
    }

    /// <inheritdoc/>
    public override void SetCheckpoint(Lease lease, string? checkpoint, long step = -1)
    {
        lock (gate)
        {
            var trial = Held(lease).Trial;
            var carried = StudyRules.CarriedStep(checkpoint, step);
            trial.Lost = carried > (trial.CheckpointStep ?? -1) ? 0 : trial.Lost;
            (trial.Checkpoint, trial.CheckpointStep) = (checkpoint, carried);
        }
    }

    /// <inheritdoc/>
    public override void AddArtifact(Lease lease, Artifact artifact)
    {
        lock (gate)
        {
            Held(lease).Trial.Artifacts[artifact.Name] = artifact;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Artifact> Artifacts(long study, int number)
    {
        lock (gate)
        {
            return [.. Trial(study, number).Artifacts.Values];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredMetric> Metrics(long study, int number)
    {
        lock (gate)
        {
            int attempt = Trial(study, number).Data.Attempt;
            return [.. AllMetrics(study, number).Where(m => m.Attempt == attempt)];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredMetric> AllMetrics(long study, int number)
    {
        lock (gate)
        {
            return [.. Trial(study, number).Metrics.OrderBy(m => m.Attempt).ThenBy(m => m.Step).ThenBy(m => m.Key, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public override void AddEvent(long study, int? number, string kind, string text)
    {
        lock (gate)
        {
            Study(study).Note(Now(), number, kind, text);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StudyEvent> Events(long study)
    {
        lock (gate)
        {
            return [.. Study(study).Events];
        }
    }

    private MemoryStudy Study(long id)
    {
        if (id < 1 || id > studies.Count)
        {
            throw StudyRules.NoSuchStudy(id);
        }

        return studies[(int)id - 1];
    }

    private MemoryTrial Trial(long study, int number)
    {
        var trials = Study(study).Trials;
        if (number < 0 || number >= trials.Count)
        {
            throw StudyRules.NoSuchTrial(study, number);
        }

        return trials[number];
    }

    private (MemoryStudy Study, MemoryTrial Trial) Held(Lease lease)
    {
        var study = Study(lease.StudyId);
        var trial = Trial(lease.StudyId, lease.Number);
        StudyRules.CheckLease(lease, trial.Token, trial.Data.State);
        return (study, trial);
    }

    private StartedTrial Begin(MemoryStudy study, MemoryTrial trial, StartRequest request)
    {
        var now = Now();
        trial.Token = NewToken();
        trial.LeaseUntil = Clock.GetElapsedTime(0) + request.Lease;
        int number = trial.Data.Number;
        study.Waiting.Remove(number);
        study.Running.Add(number);
        study.Change(
            trial,
            trial.Data with
            {
                State = TrialState.Running,
                Attempt = trial.Data.Attempt + 1,
                Worker = request.Worker,
                Started = now,
            });
        study.CarryOver(trial);
        return new(new(study.Info.Id, number, trial.Data.Attempt, trial.Token), trial.Data.Fixed, trial.Checkpoint);
    }
}

using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Storage;

/// <summary>A study in memory, with its trials in order of change, so that reading what changed
/// costs what changed.</summary>
internal sealed class MemoryStudy(StoredStudy info)
{
    private readonly LinkedList<MemoryTrial> byChange = new();
    private long revision, parameterRevision;

    public StoredStudy Info { get; set; } = info;

    public List<MemoryTrial> Trials { get; } = [];

    public OrderedDictionary<string, MemoryParameter> Parameters { get; } = [];

    public SortedSet<int> Waiting { get; } = [];

    public SortedSet<int> Running { get; } = [];

    public List<StudyEvent> Events { get; } = [];

    private List<(Widening Widening, long Revision)> Widenings { get; } = [];

    public MemoryTrial Add(IReadOnlyDictionary<string, Option> fixedValues)
    {
        var trial = new MemoryTrial(new()
        {
            Number = Trials.Count,
            State = TrialState.Waiting,
            Fixed = StoredTrial.InOrder(fixedValues),
        });
        Trials.Add(trial);
        byChange.AddLast(trial.Node);
        Change(trial, trial.Data);
        return trial;
    }

    public void Change(MemoryTrial trial, StoredTrial data)
    {
        trial.Data = data;
        trial.HeaderRevision = Touch(trial);
    }

    public void Suggest(MemoryTrial trial, IReadOnlyList<Suggestion> suggestions, string? proposal, DateTimeOffset now)
    {
        Change(
            trial,
            trial.Data with
            {
                Numbers = [.. trial.Data.Numbers, .. suggestions.Select(s => KeyValuePair.Create(s.Name, s.Number))],
                Proposal = trial.Data.Proposal ?? proposal,
            });
        foreach (var (name, distribution, _) in suggestions)
        {
            if (Parameters.TryAdd(name, new(distribution, revision)))
            {
                parameterRevision = revision;
            }
            else if (Parameters[name].Distribution is var before && before != distribution)
            {
                var widening = new Widening(name, before, distribution, trial.Data.Number);
                Widen(widening);
                Note(now, trial.Data.Number, "widened", StudyRules.WidenedText(widening));
            }
        }
    }

    /// <summary>Goes on with a wider space; of a study without trials with any other.</summary>
    public void Search(SearchSpace? space, DateTimeOffset now)
    {
        if (Trials.Count > 0 && Info.Space is { } before && space is not null && space != before)
        {
            revision++;
            foreach (var widening in StudyRules.Widenings(before, space, Trials.Count))
            {
                Widen(widening);
            }

            Note(now, null, "widened", StudyRules.WidenedText(before, space, Trials.Count));
        }

        Info = Info with { Space = space };
    }

    public void Report(MemoryTrial trial, long step, string key, double value)
    {
        trial.Steps.Add((step, key), value);
        trial.Metrics.Add(new(trial.Data.Attempt, step, key, value));
        if (key == StudyStore.ObjectiveKey)
        {
            trial.Reports.Add((new(trial.Data.Number, step, value), Touch(trial)));
        }
    }

    /// <summary>Makes the metrics that a checkpoint includes those of the attempt that has just begun.</summary>
    public void CarryOver(MemoryTrial trial)
    {
        trial.Steps.Clear();
        trial.Reports.Clear();
        int attempt = trial.Data.Attempt;
        for (int i = 0; i < trial.Metrics.Count; i++)
        {
            if (trial.Metrics[i] is var metric && metric.Attempt == attempt - 1 && metric.Step <= trial.CheckpointStep)
            {
                trial.Metrics[i] = metric with { Attempt = attempt };
                trial.Steps.Add((metric.Step, metric.Key), metric.Value);
                if (metric.Key == StudyStore.ObjectiveKey)
                {
                    trial.Reports.Add((new(trial.Data.Number, metric.Step, metric.Value), revision));
                }
            }
        }
    }

    public void Finish(MemoryTrial trial, TrialOutcome outcome, DateTimeOffset now)
    {
        Running.Remove(trial.Data.Number);
        Change(trial, trial.Data with
        {
            State = outcome.State,
            Values = [.. outcome.Values],
            Constraints = [.. outcome.Constraints],
            Error = outcome.Error,
            Finished = StudyRules.NotBefore(now, trial.Data.Started),
            FinishedRevision = revision + 1,
        });
        if (StudyRules.EndText(outcome) is var (kind, text))
        {
            Note(now, trial.Data.Number, kind, text);
        }
    }

    public void Note(DateTimeOffset at, int? number, string kind, string text) => Events.Add(new(at, number, kind, text));

    public StudyChanges Read(long since)
    {
        var changed = new List<MemoryTrial>();
        for (var node = byChange.Last; node is not null && node.Value.Revision > since; node = node.Previous)
        {
            changed.Add(node.Value);
        }

        changed.Sort((a, b) => a.Data.Number.CompareTo(b.Data.Number));
        return new(
            revision,
            parameterRevision <= since
                ? []
                : [.. Parameters.Where(p => p.Value.Revision > since).Select(p => KeyValuePair.Create(p.Key, p.Value.Distribution))],
            [.. changed.Where(t => t.HeaderRevision > since).Select(t => t.Data)],
            [.. changed.SelectMany(t => t.ReportsSince(since))])
        {
            Widenings = [.. Widenings.Where(w => w.Revision > since).Select(w => w.Widening)],
        };
    }

    private void Widen(Widening widening)
    {
        Widenings.Add((widening, revision));
        if (Parameters.ContainsKey(widening.Parameter))
        {
            Parameters[widening.Parameter] = new(widening.Now, revision);
            parameterRevision = revision;
        }
    }

    private long Touch(MemoryTrial trial)
    {
        byChange.Remove(trial.Node);
        byChange.AddLast(trial.Node);
        return trial.Revision = ++revision;
    }
}

/// <summary>A parameter of a study in memory.</summary>
internal sealed record MemoryParameter(Distribution Distribution, long Revision);

/// <summary>A trial in memory.</summary>
internal sealed class MemoryTrial
{
    public MemoryTrial(StoredTrial data)
    {
        Data = data;
        Node = new(this);
    }

    public LinkedListNode<MemoryTrial> Node { get; }

    public StoredTrial Data { get; set; }

    public long Revision { get; set; }

    public long HeaderRevision { get; set; }

    public string? Token { get; set; }

    /// <summary>By the steady clock.</summary>
    public TimeSpan LeaseUntil { get; set; }

    public int Lost { get; set; }

    public string? Checkpoint { get; set; }

    public long? CheckpointStep { get; set; }

    public List<(StoredReport Report, long Revision)> Reports { get; } = [];

    /// <summary>The current attempt's value of each step and key.</summary>
    public Dictionary<(long Step, string Key), double> Steps { get; } = [];

    public List<StoredMetric> Metrics { get; } = [];

    public SortedDictionary<string, Artifact> Artifacts { get; } = new(StringComparer.Ordinal);

    public IEnumerable<StoredReport> ReportsSince(long since)
    {
        int first = Reports.Count;
        while (first > 0 && Reports[first - 1].Revision > since)
        {
            first--;
        }

        return Reports.Skip(first).Select(r => r.Report).OrderBy(r => r.Step);
    }
}

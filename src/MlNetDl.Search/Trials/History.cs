using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>The knowledge of a study: its trials, append-only and shared. Samplers and pruners read it and never copy
/// it.</summary>
/// <remarks>For one thread at a time. The study gives samplers and pruners its own, under its lock; everyone else gets
/// a copy from <see cref="Study.History"/>.</remarks>
public sealed class History
{
    private readonly List<TrialRecord> trials = [], finished = [];
    private readonly SortedDictionary<int, TrialRecord> running = [];
    private readonly Dictionary<(object Owner, Type Type), object> caches = [];
    private readonly Dictionary<string, Distribution> known = [];
    private readonly ParameterLayout noParameters = new();
    private readonly List<Widening> widenings = [];
    private CommonParameters common;

    /// <summary>An empty history.</summary>
    /// <param name="studyName">The study's name.</param>
    /// <param name="goals">Which values are better, one for each objective.</param>
    /// <param name="space">The declared space; <see langword="null"/> with define-by-run.</param>
    public History(string studyName, IReadOnlyList<Goal> goals, SearchSpace? space = null)
    {
        (StudyName, Goals, Space) = (studyName, goals, space);
        common = new();
    }

    private History(History other)
    {
        (StudyName, Goals, Space, Revision) = (other.StudyName, other.Goals, other.Space, other.Revision);
        (trials, finished, running) = (new(other.trials), new(other.finished), new(other.running));
        (known, common, widenings) = (new(other.known), other.common.Copy(), [.. other.widenings]);
    }

    /// <summary>The study's name.</summary>
    public string StudyName { get; }

    /// <summary>Which values are better, one for each objective.</summary>
    public IReadOnlyList<Goal> Goals { get; }

    /// <summary>The declared space; <see langword="null"/> with define-by-run.</summary>
    public SearchSpace? Space { get; internal set; }

    /// <summary>All trials in order of number, also those that wait or run.</summary>
    public IReadOnlyList<TrialRecord> Trials => trials;

    /// <summary>Complete, pruned and failed trials in order of <em>finishing</em>: append-only, so a cache may remember
    /// how far it has read. Cancelled ones are not among them, as nothing was learnt of them.</summary>
    public IReadOnlyList<TrialRecord> Finished => finished;

    /// <summary>The trials that run now, in order of number.</summary>
    public IReadOnlyCollection<TrialRecord> Running => running.Values;

    /// <summary>Every parameter that any trial had, by name; in one study a name has one distribution, the widest that it
    /// had.</summary>
    public IReadOnlyDictionary<string, Distribution> Parameters => known;

    /// <summary>The parameters that all complete trials have in common, those without any parameter left out; while
    /// none is complete, those of the pruned ones; empty before the first.</summary>
    public IReadOnlyDictionary<string, Distribution> Common => common.Parameters;

    /// <summary>The parameters that got a wider range or further options after the study had trials, in order. All trials
    /// have the distribution of now: it has the values of the one before, with the same numbers.</summary>
    public IReadOnlyList<Widening> Widenings => widenings;

    /// <summary>The revision up to which the store has been read, as the last <see cref="Apply"/> set it; 0
    /// before.</summary>
    public long Revision { get; private set; }

    internal ParameterNumbers NoNumbers => new(noParameters, []);

    /// <summary>A history of given trials, which finished in order of number.</summary>
    public static History Of(
        IReadOnlyList<TrialRecord> trials,
        IReadOnlyList<Goal>? goals = null,
        SearchSpace? space = null,
        string studyName = "study")
    {
        var history = new History(studyName, goals ?? [Goal.Minimize], space);
        foreach (var trial in trials)
        {
            history.Add(trial);
        }

        return history;
    }

    /// <summary>State that belongs to a sampler or pruner and can be rebuilt from this history alone, such as sorted
    /// values with the count of trials read.</summary>
    /// <param name="owner">Whose: equal samplers share it.</param>
    /// <param name="make">Makes it at the first call.</param>
    public T Cache<T>(object owner, Func<T> make)
        where T : class
    {
        if (!caches.TryGetValue((owner, typeof(T)), out var state))
        {
            caches.Add((owner, typeof(T)), state = make());
        }

        return (T)state;
    }

    /// <summary>Adds the next trial, or a newer snapshot of one that has not finished.</summary>
    /// <exception cref="ArgumentException">The number leaves a gap, or the trial has finished already.</exception>
    public void Add(TrialRecord trial)
    {
        if (trial.Number > trials.Count || (trial.Number < trials.Count && trials[trial.Number].IsFinished))
        {
            throw new ArgumentException(trial.Number > trials.Count
                ? $"trial {trial.Number} leaves a gap after {trials.Count} trials."
                : $"trial {trial.Number} has finished and does not change any more.");
        }

        foreach (var (name, distribution) in trial.Distributions)
        {
            known.TryAdd(name, distribution);
        }

        if (trial.Number == trials.Count)
        {
            trials.Add(trial);
        }
        else
        {
            trials[trial.Number] = trial;
        }

        running.Remove(trial.Number);
        if (trial.State == TrialState.Running)
        {
            running.Add(trial.Number, trial);
        }
        else if (trial.IsFinished && trial.State != TrialState.Cancelled)
        {
            finished.Add(trial);
            common.Add(trial);
        }
    }

    /// <summary>The same trials as if they had finished in order of number.</summary>
    internal History InOrder()
    {
        var history = Of(trials, Goals, Space, StudyName);
        history.widenings.AddRange(widenings);
        return history;
    }

    /// <summary>The same trials in lists of their own, without the caches.</summary>
    internal History Copy() => new(this);

    /// <summary>Takes over what changed in a store, as <see cref="StudyStore.Read"/> gives it since
    /// <see cref="Revision"/>.</summary>
    /// <param name="changes">The changes.</param>
    public void Apply(StudyChanges changes)
    {
        bool widened = false;
        foreach (var (name, distribution) in changes.Parameters)
        {
            widened |= known.TryGetValue(name, out var before) && before != distribution;
            known[name] = distribution;
        }

        widenings.AddRange(changes.Widenings);
        if (widened)
        {
            Widen();
        }

        var stored = changes.Trials.ToDictionary(t => t.Number);
        var reports = changes.Reports.ToLookup(r => r.Number);
        var finishing = new List<(long Revision, TrialRecord Record)>();
        foreach (int number in stored.Keys.Union(reports.Select(g => g.Key)).Order().ToList())
        {
            var record = stored.TryGetValue(number, out var header) ? Record(header) : trials[number];
            record = record with
            {
                Reports = reports[number].Aggregate(
                    record.Reports as ReportList ?? ReportList.Empty, (list, r) => list.Add(new(r.Step, r.Value))),
            };
            if (number < trials.Count && trials[number].IsFinished)
            {
                Replace(record);
                continue;
            }

            if (!record.IsFinished)
            {
                Add(record);
                continue;
            }

            finishing.Add((header!.FinishedRevision ?? changes.Revision, record));
            if (number == trials.Count)
            {
                // Numbers come in order, finishing has its own: the place is taken until its turn comes.
                trials.Add(record with { State = TrialState.Waiting });
            }
        }

        foreach (var (_, record) in finishing.OrderBy(f => f.Revision))
        {
            Add(record);
        }

        Revision = changes.Revision;
    }

    /// <summary>Gives all trials the distributions of now. What samplers and pruners remember goes by the ones before, so it
    /// is made anew.</summary>
    private void Widen()
    {
        caches.Clear();
        common = new();
        for (int i = 0; i < trials.Count; i++)
        {
            var numbers = trials[i].Numbers.Aggregate(NoNumbers, (all, n) => all.Then(n.Key, known[n.Key], n.Value));
            trials[i] = trials[i] with { Numbers = numbers, Distributions = numbers.Layout };
        }

        foreach (int number in running.Keys.ToList())
        {
            running[number] = trials[number];
        }

        for (int i = 0; i < finished.Count; i++)
        {
            finished[i] = trials[finished[i].Number];
            common.Add(finished[i]);
        }
    }

    /// <summary>A finished trial with other attributes or notes. What samplers remember of it stays true.</summary>
    private void Replace(TrialRecord record)
    {
        trials[record.Number] = record;
        int at = finished.FindLastIndex(t => t.Number == record.Number);
        if (at >= 0)
        {
            finished[at] = record;
        }
    }

    private TrialRecord Record(StoredTrial stored)
    {
        var before = stored.Number < trials.Count ? trials[stored.Number] : null;
        var numbers = before?.Numbers as ParameterNumbers ?? NoNumbers;
        foreach (var (name, number) in stored.Numbers.Skip(numbers.Count))
        {
            numbers = numbers.Then(name, known[name], number);
        }

        return new()
        {
            Number = stored.Number,
            State = stored.State,
            UnknownState = stored.UnknownState,
            Attempt = stored.Attempt,
            Worker = stored.Worker,
            Started = stored.State is TrialState.Waiting or TrialState.Cancelled ? null : stored.Started,
            Finished = stored.Finished,
            Error = stored.Error,
            IsLost = stored.IsLost,
            Values = stored.Values,
            Constraints = stored.Constraints,
            Fixed = stored.Fixed,
            Proposal = stored.Proposal,
            Attributes = stored.Attributes,
            Notes = stored.Notes,
            Numbers = numbers,
            Distributions = numbers.Layout,
            Reports = before is not null && before.Attempt == stored.Attempt ? before.Reports : ReportList.Empty,
        };
    }
}

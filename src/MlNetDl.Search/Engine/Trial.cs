using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>A running trial, as its objective sees it: it gives parameters and takes reports. One thread at a time may
/// use it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "The source has no timer and no wait handle: nothing to free.")]
public sealed partial class Trial
{
    private readonly StudyState study;
    private readonly StartedTrial started;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<(string Name, double Violation)> violations = [];
    private IReadOnlyDictionary<string, double> joint = new Dictionary<string, double>();
    private bool isUnsaid;
    private string? proposal;

    internal Trial(StudyState study, StartedTrial started, TrialRecord record) =>
        (this.study, this.started, Record, isUnsaid) = (study, started, record, record.Numbers.Count == 0);

    /// <summary>Number of the trial in the study, from 0.</summary>
    public int Number => Record.Number;

    /// <summary>The trial's record so far.</summary>
    public TrialRecord Record { get; private set; }

    /// <summary>The checkpoint of an earlier attempt, from which this one continues; <see langword="null"/> where it
    /// starts anew.</summary>
    public string? Checkpoint => started.Checkpoint;

    /// <summary>The right to write the trial in the store.</summary>
    public Lease Lease => started.Lease;

    /// <summary>Token that is cancelled when the study shall stop, its time is up, or another worker has taken the
    /// trial over. A trial whose objective then stops is given back and continued later.</summary>
    public CancellationToken Stop => stopping.Token;

    internal bool IsOf(StudyState other) => ReferenceEquals(study, other);

    internal bool IsLost { get; private set; }

    /// <summary>The seed that an objective within <see cref="Repeat"/> is run with; <see langword="null"/>
    /// otherwise.</summary>
    internal int? RunsSeed { get; set; }

    /// <summary>Whether the search failed and not this trial, so that every other trial would fail too. A distribution
    /// is invalid, the sampler threw or proposed an invalid value, or the objective reports steps that are
    /// seeds.</summary>
    internal bool SearchFailed { get; private set; }

    /// <summary>Records an intermediate value.</summary>
    /// <param name="step">The step, such as an epoch or a fold; 0 or more, each once. Reporting the same value again
    /// changes nothing, so a trial that continues from a checkpoint may report its last step once more.</param>
    /// <param name="value">The value of the objective at that step; NaN and infinities too.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="StudyException">The step has another value already, the trial has finished, or it runs over
    /// seeds (<see cref="Repeat"/>).</exception>
    /// <exception cref="LeaseLostException">Another worker has taken the trial over.</exception>
    public void Report(long step, double value)
    {
        if (RunsSeed is { } seed)
        {
            SearchFailed = true;
            throw new StudyException($"trial {Number} runs over seeds, now seed {seed}, and steps are seeds there: "
                + "report nothing within Repeat.Over, or prune by epochs without repeats.");
        }

        study.Store.Report(Lease, Checked(step), StudyStore.ObjectiveKey, value);
        var reports = Record.Reports as ReportList ?? ReportList.Empty;
        if (!reports.Has(step))
        {
            Record = Record with { Reports = reports.Add(new(step, value)) };
        }
    }

    /// <summary>Whether the pruner would stop the trial after its latest report.</summary>
    /// <exception cref="StudyException">Nothing is reported yet.</exception>
    public bool ShouldPrune()
    {
        if (study.Options.Pruner is Pruners.NoPruner)
        {
            return false;
        }

        if (Record.Reports.Count == 0)
        {
            throw new StudyException($"trial {Number} has reported nothing that a pruner could judge; report a value first.");
        }

        lock (study.Gate)
        {
            study.Sync();
            return study.Options.Pruner.ShouldPrune(study.Known, Record);
        }
    }

    /// <summary>Records an intermediate value and ends the objective when the pruner says so.</summary>
    /// <exception cref="TrialPrunedException">The trial is pruned. Do not catch this exception.</exception>
    /// <inheritdoc cref="Report"/>
    public void ReportAndMaybePrune(long step, double value)
    {
        Report(step, value);
        if (ShouldPrune())
        {
            throw new TrialPrunedException($"Trial {Number} is pruned after step {step}.");
        }
    }

    /// <summary>Records another metric at a step.</summary>
    /// <param name="step">The step; 0 or more, each once for a key.</param>
    /// <param name="key">Name of the metric, such as <c>validation.accuracy</c>.</param>
    /// <param name="value">Its value; NaN and infinities too.</param>
    /// <exception cref="ArgumentException">The step is negative, or the key is <see cref="StudyStore.ObjectiveKey"/>,
    /// which belongs to <see cref="Report"/>.</exception>
    /// <exception cref="StudyException">The key has another value at that step already, or the
    /// trial has finished.</exception>
    /// <exception cref="LeaseLostException">Another worker has taken the trial over.</exception>
    public void Log(long step, string key, double value)
    {
        if (key == StudyStore.ObjectiveKey)
        {
            throw new ArgumentException(
                $"trial {Number}: the key '{key}' stands for reports of the objective; call Report, or "
                    + "name the metric differently.",
                nameof(key));
        }

        study.Store.Report(Lease, Checked(step), key, value);
    }

    /// <summary>Records the measured value of a constraint, once for each.</summary>
    /// <param name="name">Name of the constraint. Where the space declares it, its bounds are applied. Otherwise
    /// <paramref name="value"/> is the violation itself: 0 or less where the constraint holds.</param>
    /// <param name="value">The measured value.</param>
    /// <exception cref="StudyException">The constraint has a value already, or the declared space has no such
    /// constraint.</exception>
    public void Constrain(string name, double value)
    {
        if (violations.Any(v => v.Name == name))
        {
            throw new StudyException($"trial {Number}: constraint '{name}' was given already; give it once.");
        }

        var declared = study.Known.Space?.Constraints ?? [];
        var constraint = declared.FirstOrDefault(c => c.Name == name);
        if (constraint is null && declared.Count > 0)
        {
            throw new StudyException($"trial {Number}: the space has no constraint '{name}'; it has "
                + $"{string.Join(", ", declared.Select(c => c.Name))}.");
        }

        violations.Add((name, constraint?.Violation(value) ?? value));
    }

    /// <summary>Says something about the trial beside its results, such as the number of weights or the commit that it was run
    /// with. It stands in the list of trials and on the report page; samplers and pruners do not read it.</summary>
    /// <param name="name">What the value is. A value of the same name is replaced, also one of an earlier attempt.</param>
    /// <param name="value">Text, a number, or anything with a JSON form.</param>
    /// <exception cref="ArgumentException">The name is empty, or the value has no JSON form.</exception>
    /// <exception cref="StudyException">The trial has finished; <see cref="Study.SetAttribute"/> takes it.</exception>
    /// <exception cref="LeaseLostException">Another worker has taken the trial over.</exception>
    public void SetAttribute(string name, object? value)
    {
        var option = StudyState.Attribute(name, value);
        study.Store.SetAttribute(Lease, name, option);
        Record = Record with { Attributes = StoredTrial.InOrder(Record.Attributes.Where(a => a.Key != name).Append(new(name, option))) };
    }

    /// <summary>Records a checkpoint, from which a later attempt continues if this one is lost.</summary>
    /// <param name="checkpoint">The checkpoint, such as a path. The later attempt gets it in
    /// <see cref="Checkpoint"/>.</param>
    /// <param name="step">The last step that the checkpoint includes; by default that of the latest report. Reports and
    /// metrics up to it move into the later attempt, which continues with the steps after it.</param>
    public void SaveCheckpoint(string checkpoint, long? step = null) => study.Store.SetCheckpoint(
        Lease, checkpoint, step ?? (Record.Reports is { Count: > 0 } reports ? reports[^1].Step : -1));

    /// <summary>Renews the lease by hand.</summary>
    /// <exception cref="LeaseLostException">Another worker has taken the trial over.</exception>
    public void Renew() => study.Store.Renew(Lease, study.Options.Lease);

    /// <summary>Asks the objective to stop. Callbacks that the objective registered on <see cref="Stop"/> run on a
    /// thread of the pool. Their failures are recorded and end nothing.</summary>
    internal void Cancel() => _ = CancelAsync();

    internal void Lose()
    {
        IsLost = true;
        Cancel();
    }

    private long Checked(long step)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(step), $"trial {Number}: step must be 0 or more but is {step}.");
        }

        return step;
    }

    private async Task CancelAsync()
    {
        try
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            try
            {
                study.Store.AddEvent(Lease.StudyId, Number, "stop", $"what the objective does when it is asked to stop failed: {e}");
            }
            catch (Exception lost) when (lost is StudyException or ObjectDisposedException)
            {
                // The store takes no more writes, so the failure cannot be recorded.
            }
        }
    }

    /// <summary>Violations in the order of the declared constraints. Without declared constraints they are in the order
    /// given.</summary>
    /// <exception cref="ArgumentException">A declared constraint has no value.</exception>
    internal IReadOnlyList<double> Violations()
    {
        if ((study.Known.Space?.Constraints ?? []).FirstOrDefault(c => !violations.Any(v => v.Name == c.Name)) is { } missing)
        {
            throw new ArgumentException(
                $"trial {Number} gave no value for constraint '{missing.Name}'; call Constrain before it finishes.");
        }

        return ViolationsSoFar();
    }

    internal IReadOnlyList<double> ViolationsSoFar()
    {
        var order = study.Known.Space?.Constraints.Select(c => c.Name).ToList() ?? [];
        return [.. violations.OrderBy(v => order.IndexOf(v.Name)).Select(v => v.Violation)];
    }
}

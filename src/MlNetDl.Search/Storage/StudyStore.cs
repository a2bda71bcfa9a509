using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Storage;

/// <summary>Where studies are kept. Every method is one transaction: it happens whole or not at all, whoever is killed
/// meanwhile. Safe for several threads, and for several processes where the medium allows it.</summary>
/// <remarks>
/// <para>Guarantees. Numbers of trials have no gaps and no duplicates. A (trial, attempt, step, key) is recorded once,
/// and of a trial's metrics a (step, key) counts once, see <see cref="Metrics"/>. What belongs to an attempt is written
/// under its <see cref="Lease"/>; once another worker has taken the trial over, writes are refused with
/// <see cref="LeaseLostException"/> and change nothing. A lease that ran out but was not taken over still holds: losing
/// it is an event in the store, not a matter of clocks.</para>
/// <para>Every method refuses a study that the store does not have with <see cref="StudyException"/>; a failure of the
/// medium is a <see cref="StudyStoreException"/>.</para>
/// <para>Revisions. Each study has a counter, raised by 1 in the transaction of every write that <see cref="Read"/>
/// shows; changed rows carry the new number. Raising it first locks the study's row, so that writers of one study queue
/// and revisions become visible in order.</para>
/// <para>Tables of the stores in SQL (times are milliseconds since 1970 UTC; NaN is NULL in columns of values, as
/// SQLite has none; lists of doubles are text, see <see cref="DoubleList"/>):</para>
/// <code>
/// schema_version(version)
/// study(id PK, name UNIQUE, directions, space NULL, created, revision, trials)            -- trials: how many, so that the next number needs no count
/// parameter(study, ordinal, name, distribution, revision, PK(study, ordinal), UNIQUE(study, name))
/// trial(id PK, study, number, state, attempt, lost, vals, constraints, error, finished, finished_revision, revision, UNIQUE(study,
/// number)) + INDEX(study, state, number) + INDEX(study, revision)
/// trial_parameter(trial, ordinal, parameter, number, PK(trial, ordinal), UNIQUE(trial, parameter))
/// trial_fixed(trial, name, json, PK(trial, name))
/// attempt(id PK, trial, n, worker, process NULL, lease_token, lease_until, lease_ms, started, ended, outcome, checkpoint NULL,
/// checkpoint_step NULL, UNIQUE(trial, n))
/// metric(attempt, step, key, value NULL, study, revision NULL, PK(attempt, step, key)) + INDEX(study, revision) of reports, which alone have a revision
/// widening(study, ordinal, name, narrower, wider, trials, revision, PK(study, ordinal))
/// trial_attribute(trial, name, json, PK(trial, name));  trial_note(trial, ordinal, at, text, PK(trial, ordinal))
/// trial_proposal(trial PK, text)
/// artifact(trial, name, path, sha256, length, PK(trial, name));  event(id PK, study, number NULL, at, kind, text)
/// </code>
/// </remarks>
public abstract class StudyStore : IDisposable
{
    /// <summary>The key under which reports of the first objective are kept.</summary>
    public const string ObjectiveKey = "objective";

    private readonly LeaseWatch watch;

    /// <summary>A store.</summary>
    /// <param name="clock">The time of leases and records; the system's by default.</param>
    protected StudyStore(TimeProvider? clock = null)
    {
        Clock = clock ?? TimeProvider.System;
        watch = new(Clock);
    }

    /// <summary>The time of leases and records.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Makes a study, or gives the one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="goals">Which values are better, one for each objective.</param>
    /// <param name="space">The declared space; <see langword="null"/> with define-by-run.</param>
    /// <returns>The study with the space that it has from now on. A wider space than that of its trials is taken, and
    /// options that are new stand behind the old ones, in whatever order they were given, so that the numbers of old trials
    /// still mean what they meant. Noted as an event <c>widened</c>.</returns>
    /// <exception cref="SpaceChangedException">There is one with trials, and its space has values that the new one has not,
    /// or other parameters; the message says what differs. Without trials it takes the new space.</exception>
    /// <exception cref="StudyException">There is one with other goals.</exception>
    public abstract StoredStudy Open(string name, IReadOnlyList<Goal> goals, SearchSpace? space);

    /// <summary>The studies in order of making.</summary>
    public abstract IReadOnlyList<StoredStudy> Studies();

    /// <summary>Changes after a revision; 0 reads everything. The cost grows with the changes, not with the
    /// study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="since">The revision that the reader has, as <see cref="StudyChanges.Revision"/> gave it.</param>
    public abstract StudyChanges Read(long study, long since);

    /// <summary>Gives a worker the next trial to run: first one whose process on this machine has ended or whose lease
    /// ran out (a new attempt of the same number), else the first that waits, else a new one.</summary>
    /// <param name="study">The study.</param>
    /// <param name="request">Who asks, and within which bounds.</param>
    /// <returns>The trial; <see langword="null"/> when none may be started: all numbers below the limit are taken and
    /// run or have finished.</returns>
    /// <remarks>
    /// <para>A trial that is lost in its last allowed attempt fails here, with a message that says so.</para>
    /// <para>A process is told by machine, number and start, and on Linux also by boot and namespace of
    /// processes, so that containers which share a store do not judge each other. Where that is not to be known,
    /// the lease alone counts.</para>
    /// <para>The lease of a process that is known to be there runs out by the steady clock alone, which stands still
    /// while the machine sleeps: who slept has not died. On Linux and macOS all processes share that clock, so that one
    /// who asks once sees that another hangs. On Windows the asker sees such a lease through itself: it must ask twice,
    /// a lease apart.</para>
    /// </remarks>
    /// <exception cref="SpaceChangedException">The study has another space than the asker: another process opened it
    /// with one before it had trials, or with a wider one since. Nothing was started. Who opens the study anew with the wider
    /// space goes on.</exception>
    public abstract StartedTrial? Start(long study, StartRequest request);

    /// <summary>Adds a trial that waits, with some parameters fixed.</summary>
    /// <param name="study">The study.</param>
    /// <param name="fixedValues">Values by name. They are kept as they are:
    /// <see cref="Study.Enqueue"/> checks them.</param>
    /// <returns>Its number.</returns>
    public abstract int Enqueue(long study, IReadOnlyDictionary<string, Option> fixedValues);

    /// <summary>Takes a trial that waits out of the queue: it keeps its number and will not run. Noted as
    /// an event <c>cancelled</c>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="number">The trial's number.</param>
    /// <exception cref="StudyException">The study has no such trial, or it runs or has finished;
    /// nothing was changed.</exception>
    public abstract void Cancel(long study, int number);

    /// <summary>Prolongs a lease: it now runs out after <paramref name="duration"/>.</summary>
    /// <exception cref="LeaseLostException">It is lost.</exception>
    public abstract void Renew(Lease lease, TimeSpan duration);

    /// <summary>Records numbers of parameters of a trial, in order. A wider distribution than the study knows is taken from
    /// then on, a choice with the known options first; noted as an event <c>widened</c>.</summary>
    /// <param name="lease">The right to write.</param>
    /// <param name="suggestions">The parameters and their numbers.</param>
    /// <param name="proposal">How the search came to them (<see cref="TrialRecord.Proposal"/>): the first that is said of a trial
    /// stays. <see langword="null"/>, the default, says nothing.</param>
    /// <exception cref="SpaceChangedException">The study knows a parameter of that name with another
    /// distribution, which has values that the new one has not.</exception>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    /// <exception cref="StudyException">The trial has such a parameter already.</exception>
    public abstract void Suggest(Lease lease, IReadOnlyList<Suggestion> suggestions, string? proposal = null);

    /// <summary>Records a metric at a step; <see cref="ObjectiveKey"/> for reports. The same value again, bit for bit,
    /// changes nothing: so a worker that goes on from a checkpoint may report its last step anew, and one that does not
    /// know whether a write succeeded may repeat it.</summary>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    /// <exception cref="StudyException">The attempt has another value of that key at that step already, or the
    /// trial has finished.</exception>
    public abstract void Report(Lease lease, long step, string key, double value);

    /// <summary>Finishes a trial.</summary>
    /// <exception cref="ArgumentException">The outcome's state is none in which a worker ends a trial.</exception>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    /// <exception cref="StudyException">The trial has finished already.</exception>
    public abstract void Finish(Lease lease, TrialOutcome outcome);

    /// <summary>Gives a trial back: it waits, keeps its parameters, and the next start takes it up. Not
    /// counted as lost.</summary>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    /// <exception cref="StudyException">The trial has finished already.</exception>
    public abstract void Release(Lease lease);

    /// <summary>Says where a later attempt may go on: given to it in <see cref="StartedTrial.Checkpoint"/>.</summary>
    /// <param name="lease">The right to write.</param>
    /// <param name="checkpoint">Where; <see langword="null"/>: at the beginning.</param>
    /// <param name="step">The last step that the checkpoint includes. Metrics up to it are carried over into the
    /// attempt that goes on; -1, the default, carries nothing over.</param>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    public abstract void SetCheckpoint(Lease lease, string? checkpoint, long step = -1);

    /// <summary>Records a file of a trial; a file of the same name is replaced.</summary>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    public abstract void AddArtifact(Lease lease, Artifact artifact);

    /// <summary>Says something about the trial that a worker runs; a value of the same name is replaced.</summary>
    /// <param name="lease">The right to write.</param>
    /// <param name="name">What the value is.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    /// <exception cref="StudyException">The trial has finished already.</exception>
    public abstract void SetAttribute(Lease lease, string name, Option value);

    /// <summary>Says something about a trial in whatever state, also a finished one; a value of the same name is
    /// replaced.</summary>
    /// <exception cref="StudyException">There is no such study or trial.</exception>
    public abstract void SetAttribute(long study, int number, string name, Option value);

    /// <summary>Adds what a person wrote down about a trial in whatever state.</summary>
    /// <exception cref="StudyException">There is no such study or trial.</exception>
    public abstract void AddNote(long study, int number, string text);

    /// <summary>The files of a trial, in order of name.</summary>
    /// <exception cref="StudyException">There is no such study or trial.</exception>
    public abstract IReadOnlyList<Artifact> Artifacts(long study, int number);

    /// <summary>The metrics that count for a trial, each (step, key) once, in order of step and key: those of its last
    /// attempt, with what that carried over from the checkpoint it went on from.</summary>
    /// <exception cref="StudyException">There is no such study or trial.</exception>
    public abstract IReadOnlyList<StoredMetric> Metrics(long study, int number);

    /// <summary>All metrics of a trial, also those that lost attempts logged after their last checkpoint, in order of
    /// attempt, step and key.</summary>
    /// <exception cref="StudyException">There is no such study or trial.</exception>
    public abstract IReadOnlyList<StoredMetric> AllMetrics(long study, int number);

    /// <summary>Records something that happened, beside what the store notes itself.</summary>
    /// <param name="study">The study.</param>
    /// <param name="number">The trial it concerns; <see langword="null"/> for the study.</param>
    /// <param name="kind">What, in one word; see <see cref="StudyEvent.Kind"/>.</param>
    /// <param name="text">Who and why.</param>
    public abstract void AddEvent(long study, int? number, string kind, string text);

    /// <summary>Events in the order in which they were recorded.</summary>
    public abstract IReadOnlyList<StudyEvent> Events(long study);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the store holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Now, in whole milliseconds, as all stores keep times.</summary>
    protected DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Milliseconds by the clock that is never set and stands still while the machine sleeps.</summary>
    private protected long Steady() => (long)Clock.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>A token for a new lease.</summary>
    protected static string NewToken() => Guid.NewGuid().ToString("N");

    /// <summary>Whether a running attempt's lease has run out: its time has passed, or nobody has renewed it for a
    /// whole duration by this process's own steady clock (the wall clock may have been set back).</summary>
    /// <param name="token">The attempt's token.</param>
    /// <param name="until">When its lease runs out.</param>
    /// <param name="duration">How long this lease lasts: as its own worker asked for, not as the one who
    /// judges it would.</param>
    /// <param name="lives">Whether its process is known to be there: then only the steady clock counts, as a machine
    /// that slept has killed nobody.</param>
    /// <remarks>By the steady clock only what the asker has seen itself counts: from its first look at the lease as
    /// it is now.</remarks>
    protected bool HasRunOut(string token, DateTimeOffset until, TimeSpan duration, bool lives = false) =>
        watch.HasRunOut(token, until, duration, lives);
}

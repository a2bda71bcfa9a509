using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>Writing under a lease.</content>
public partial class SqlStore
{
    /// <inheritdoc/>
    public override void Renew(Lease lease, TimeSpan duration)
    {
        using var write = session.Write();
        var held = Hold(lease);
        session.Execute(
            $"""
            UPDATE attempt SET lease_until = {Now() + duration}, lease_ms = {duration}, process = {Leased(duration)}
            WHERE id = {held.Attempt}
            """);
        write.Commit();
    }

    /// <inheritdoc/>
    public override void Report(Lease lease, long step, string key, double value)
    {
        using var write = session.Write();
        long? revision = null;
        if (key == ObjectiveKey)
        {
            revision = Raise(lease.StudyId).Revision;
        }

        var held = revision is null ? Hold(lease) : Held(lease);
        int rows = session.Execute($"""
            INSERT INTO metric (attempt, step, "key", value, study, revision)
            VALUES ({held.Attempt}, {step}, {key}, {value}, {lease.StudyId}, {revision}) ON CONFLICT DO NOTHING
            """);
        if (rows == 0)
        {
            // Not committed: nothing has changed.
            double before = session.Query(
                $"SELECT value FROM metric WHERE attempt = {held.Attempt} AND step = {step} AND \"key\" = {key}",
                row => session.Real(row, 0))[0];
            StudyRules.CheckSame(lease, step, key, before, value);
            return;
        }

        write.Commit();
    }

    /// <inheritdoc/>
    public override void Finish(Lease lease, TrialOutcome outcome)
    {
        StudyRules.CheckOutcome(lease, outcome);
        using var write = session.Write();
        var (revision, _) = Raise(lease.StudyId);
        var held = Held(lease);
        Finish(lease.StudyId, revision, held.Trial, held.Data, outcome);
        write.Commit();
    }

    /// <inheritdoc/>
    public override void Release(Lease lease)
    {
        using var write = session.Write();
        var (revision, _) = Raise(lease.StudyId);
        var held = Held(lease);
        session.Execute($"UPDATE trial SET state = {TrialState.Waiting}, revision = {revision} WHERE id = {held.Trial}");
        session.Execute($"UPDATE attempt SET lease_token = NULL, ended = {Now()}, outcome = {"Released"} WHERE id = {held.Attempt}");
        Note(lease.StudyId, lease.Number, "released", $"attempt {lease.Attempt} was given back by {held.Data.Worker}.");
        write.Commit();
    }

    /// <inheritdoc/>
    public override void SetCheckpoint(Lease lease, string? checkpoint, long step = -1)
    {
        using var write = session.Write();
        var held = Hold(lease);
        var carried = StudyRules.CarriedStep(checkpoint, step);
        session.Execute(
            $"""
            UPDATE trial SET lost = {0}
            WHERE id = {held.Trial} AND {carried} > (SELECT COALESCE(checkpoint_step, {-1}) FROM attempt WHERE id =
                {held.Attempt})
            """);
        session.Execute($"UPDATE attempt SET checkpoint = {checkpoint}, checkpoint_step = {carried} WHERE id = {held.Attempt}");
        write.Commit();
    }

    /// <inheritdoc/>
    public override void AddArtifact(Lease lease, Artifact artifact)
    {
        using var write = session.Write();
        var held = Hold(lease);
        session.Execute($"""
            INSERT INTO artifact (trial, name, path, sha256, length)
            VALUES ({held.Trial}, {artifact.Name}, {artifact.Path}, {artifact.Sha256}, {artifact.Length})
            ON CONFLICT (trial, name) DO UPDATE
            SET path = excluded.path, sha256 = excluded.sha256, length = excluded.length
            """);
        write.Commit();
    }

    /// <inheritdoc/>
    public override void AddEvent(long study, int? number, string kind, string text)
    {
        using var write = session.Write();
        Lock(study);
        Note(study, number, kind, text);
        write.Commit();
    }

    /// <summary>Raises the study's revision, which also makes other writers of it wait.</summary>
    private (long Revision, int Trials) Raise(long study)
    {
        if (session.Query(
            $"UPDATE study SET revision = revision + 1 WHERE id = {study} RETURNING revision, trials",
            row => (row.GetInt64(0), row.Whole(1)))
            is not [var raised])
        {
            throw StudyRules.NoSuchStudy(study);
        }

        return raised;
    }

    /// <summary>Makes other writers of the study wait, for what no history shows.</summary>
    private void Lock(long study)
    {
        if (session.Execute($"UPDATE study SET revision = revision WHERE id = {study}") == 0)
        {
            throw StudyRules.NoSuchStudy(study);
        }
    }

    private HeldTrial Hold(Lease lease)
    {
        Lock(lease.StudyId);
        return Held(lease);
    }

    /// <summary>The trial that a lease gives the right to write.</summary>
    private HeldTrial Held(Lease lease)
    {
        var found = session.Query(
            $"""
            SELECT t.id, a.id, t.state, t.attempt, a.worker, a.started, a.lease_token FROM trial t
            LEFT JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
            WHERE t.study = {lease.StudyId} AND t.number = {lease.Number}
            """,
            row => (Held: new HeldTrial(
                row.GetInt64(0),
                row.Long(1) ?? 0,
                new()
                {
                    Number = lease.Number,
                    State = row.State(2),
                    Attempt = row.Whole(3),
                    Worker = row.Text(4),
                    Started = row.Time(5),
                }),
                Token: row.Text(6)));
        if (found is not [var one])
        {
            throw StudyRules.NoSuchTrial(lease.StudyId, lease.Number);
        }

        var (held, token) = one;
        StudyRules.CheckLease(lease, token, held.Data.State);
        return held;
    }

    private void Finish(long study, long revision, long trial, StoredTrial data, TrialOutcome outcome)
    {
        var now = StudyRules.NotBefore(Now(), data.Started);
        session.Execute($"""
            UPDATE trial
            SET state = {outcome.State}, vals = {DoubleList.Write(outcome.Values)}, constraints =
                {DoubleList.Write(outcome.Constraints)}, error = {outcome.Error},
            finished = {now}, finished_revision = {revision}, revision = {revision} WHERE id = {trial}
            """);
        if (data.State == TrialState.Running)
        {
            EndAttempt(trial, data.Attempt, outcome.State.ToString());
        }

        if (StudyRules.EndText(outcome) is var (kind, text))
        {
            Note(study, data.Number, kind, text);
        }
    }

    private void Note(long study, int? number, string kind, string text) =>
        session.Execute($"INSERT INTO event (study, number, \"at\", kind, text) VALUES ({study}, {number}, {Now()}, {kind}, {text})");

    private sealed record HeldTrial(long Trial, long Attempt, StoredTrial Data);
}

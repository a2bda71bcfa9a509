using System.Collections.Concurrent;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>Which trial is next.</content>
public partial class SqlStore
{
    private readonly ConcurrentDictionary<long, (SearchSpace? Asked, long Widenings)> checkedSpaces = new();

    /// <inheritdoc/>
    public override StartedTrial? Start(long study, StartRequest request)
    {
        using var write = session.Write();
        var (revision, trials) = Raise(study);
        CheckSpace(study, trials, request.Space);
        bool changed = false;
        foreach (var trial in Candidates(study, TrialState.Running, request.Limit, int.MaxValue))
        {
            bool? lives = trial.Process?.Lives();
            bool ended = lives == false;
            if (!ended
                && !(lives == true && trial.Process!.Until is { } until
                    ? until <= Steady()
                    : HasRunOut(trial.Token!, trial.Until, trial.Duration, lives: lives == true)))
            {
                continue;
            }

            changed = true;
            bool again = trial.Lost + 1 < request.MaxLost;
            Note(study, trial.Data.Number, "lost", StudyRules.LostText(trial.Data, ended, again));
            session.Execute($"UPDATE trial SET lost = lost + 1 WHERE id = {trial.Id}");
            if (again)
            {
                EndAttempt(trial.Id, trial.Data.Attempt, "Lost");
                return Commit(write, Begin(study, trial, request, revision));
            }

            Finish(
                study,
                revision,
                trial.Id,
                trial.Data,
                new(TrialState.Failed, [], [], StudyRules.LostTooOften(trial.Lost + 1, trial.Data.Worker)));
            session.Execute($"UPDATE attempt SET lease_token = NULL WHERE trial = {trial.Id} AND n = {trial.Data.Attempt}");
        }

        if (Candidates(study, TrialState.Waiting, request.Limit, 1) is [var first])
        {
            return Commit(write, Begin(study, first, request, revision));
        }

        if (trials < request.Limit)
        {
            long id = Add(study, trials, revision);
            return Commit(write, Begin(
                study,
                new(id, new() { Number = trials, State = TrialState.Waiting }, 0, null, default, default, null, null, null),
                request,
                revision));
        }

        if (changed)
        {
            write.Commit();
        }

        return null;
    }

    /// <inheritdoc/>
    public override int Enqueue(long study, IReadOnlyDictionary<string, Option> fixedValues)
    {
        using var write = session.Write();
        var (revision, trials) = Raise(study);
        long id = Add(study, trials, revision);
        foreach (var (name, option) in fixedValues)
        {
            session.Execute($"INSERT INTO trial_fixed (trial, name, json) VALUES ({id}, {name}, {option.Json})");
        }

        return Commit(write, trials);
    }

    /// <inheritdoc/>
    public override void Cancel(long study, int number)
    {
        using var write = session.Write();
        var (revision, _) = Raise(study);
        var found = session.Query(
            $"""
            SELECT t.id, t.state, t.attempt, a.worker, a.started FROM trial t
            LEFT JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
            WHERE t.study = {study} AND t.number = {number}
            """,
            row => (
                Id: row.GetInt64(0),
                Data: new StoredTrial
                {
                    Number = number,
                    State = row.State(1),
                    Attempt = row.Whole(2),
                    Worker = row.Text(3),
                    Started = row.Time(4),
                }));
        StudyRules.CheckWaits(StudyName(study), number, found.Count == 0 ? null : found[0].Data);
        Finish(study, revision, found[0].Id, found[0].Data, new(TrialState.Cancelled, [], []));
        write.Commit();
    }

    // The space of a study with trials changes by widening alone, so it is compared once for each number of widenings.
    private void CheckSpace(long study, int trials, SearchSpace? asked)
    {
        long widenings = Widenings(study);
        if (trials > 0 && checkedSpaces.TryGetValue(study, out var before) && ReferenceEquals(before.Asked, asked)
            && before.Widenings == widenings)
        {
            return;
        }

        var info = session.Query($"SELECT id, name, directions, space, created, trials FROM study WHERE id = {study}", Study)[0].Info;
        StudyRules.CheckSpace(info.Name, info.Space, asked);
        if (trials > 0)
        {
            checkedSpaces[study] = (asked, widenings);
        }
    }

    private static T Commit<T>(SqlTransaction write, T result)
    {
        write.Commit();
        return result;
    }

    private List<Candidate> Candidates(long study, TrialState state, int limit, int most) => session.Query(
        $"""
        SELECT t.id, t.number, t.attempt, t.lost, a.worker, a.started, a.lease_token, a.lease_until, a.lease_ms,
            a.process, a.checkpoint, a.checkpoint_step
        FROM trial t LEFT JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
        WHERE t.study = {study} AND t.state = {state} AND t.number < {limit} ORDER BY t.number LIMIT {most}
        """,
        row => new Candidate(
            row.GetInt64(0),
            new()
            {
                Number = row.Whole(1),
                State = state,
                Attempt = row.Whole(2),
                Worker = row.Text(4),
                Started = row.Time(5),
            },
            row.Whole(3),
            row.Text(6),
            row.Time(7) ?? default,
            TimeSpan.FromMilliseconds(row.Long(8) ?? 0),
            WorkerProcess.Parse(row.Text(9)),
            row.Text(10),
            row.Long(11)));

    private long Add(long study, int number, long revision)
    {
        session.Execute($"UPDATE study SET trials = trials + 1 WHERE id = {study}");
        return session.Query(
            $"""
            INSERT INTO trial (study, number, state, attempt, lost, vals, constraints, revision)
            VALUES ({study}, {number}, {TrialState.Waiting}, {0}, {0}, {""}, {""}, {revision}) RETURNING id
            """,
            row => row.GetInt64(0))[0];
    }

    private StartedTrial Begin(long study, Candidate trial, StartRequest request, long revision)
    {
        var now = Now();
        string token = NewToken();
        int attempt = trial.Data.Attempt + 1, number = trial.Data.Number;
        session.Execute($"""
            INSERT INTO attempt (trial, n, worker, process, lease_token, lease_until, lease_ms, started, checkpoint,
                checkpoint_step)
            VALUES ({trial.Id}, {attempt}, {request.Worker}, {Leased(request.Lease)}, {token}, {now + request.Lease},
                {request.Lease}, {now}, {trial.Checkpoint}, {trial.Step})
            """);
        session.Execute($"UPDATE trial SET state = {TrialState.Running}, attempt = {attempt}, revision = {revision} WHERE id = {trial.Id}");
        if (trial.Step is { } step)
        {
            CarryOver(trial.Id, trial.Data.Attempt, attempt, step, revision);
        }

        var fixedValues = session.Query(
            $"SELECT name, json FROM trial_fixed WHERE trial = {trial.Id}",
            row => KeyValuePair.Create(row.GetString(0), new Option(row.GetString(1))));
        return new(new(study, number, attempt, token), StoredTrial.InOrder(fixedValues), trial.Checkpoint);
    }

    /// <summary>Makes the metrics that a checkpoint includes those of the attempt that goes on from it. Its reports are
    /// news to readers, as those of a new attempt always are.</summary>
    private void CarryOver(long trial, int from, int to, long step, long revision) =>
        session.Execute($"""
            UPDATE metric
            SET attempt = (SELECT id FROM attempt WHERE trial = {trial} AND n = {to}), revision = CASE WHEN revision IS
                NULL THEN NULL ELSE {revision} END
            WHERE attempt = (SELECT id FROM attempt WHERE trial = {trial} AND n = {from}) AND step <= {step}
            """);

    // Who renews a lease holds it: another process than the one that began may have been given it.
    private string? Leased(TimeSpan lease) => Process?.LeasedUntil(Steady() + (long)Math.Ceiling(lease.TotalMilliseconds)).ToString();

    private void EndAttempt(long trial, int attempt, string outcome) =>
        session.Execute($"UPDATE attempt SET ended = {Now()}, outcome = {outcome} WHERE trial = {trial} AND n = {attempt}");

    private sealed record Candidate(
        long Id,
        StoredTrial Data,
        int Lost,
        string? Token,
        DateTimeOffset Until,
        TimeSpan Duration,
        WorkerProcess? Process,
        string? Checkpoint,
        long? Step);
}

using MlNetDl.Experiments.Search.Distributions;
using MlNetDl.Experiments.Search.Storage.Sql;

namespace MlNetDl.Experiments.Search.Storage;

/// <content>Which trial is next.</content>
public abstract partial class SqlStore
{
    private static readonly IReadOnlyDictionary<string, Option> NothingFixed = new Dictionary<string, Option>();

    /// <inheritdoc/>
    public override StartedTrial? Start(long study, StartRequest request)
    {
        using var write = session.Write();
        var (revision, trials) = Raise(study);
        bool changed = false;
        foreach (var trial in Candidates(study, TrialState.Running, request.Limit, int.MaxValue))
        {
            if (!HasRunOut(trial.Token!, trial.Until, trial.Duration))
            {
                continue;
            }

            changed = true;
            bool again = trial.Lost + 1 < request.MaxLost;
            Note(study, trial.Data.Number, "lost", StudyRules.LostText(trial.Data, again));
            session.Execute($"UPDATE trial SET lost = lost + 1 WHERE id = {trial.Id}");
            if (again)
            {
                EndAttempt(trial.Id, trial.Data.Attempt, "Lost");
                return Commit(write, Begin(study, trial, request, revision));
            }

            Finish(study, revision, trial.Id, trial.Data, new(TrialState.Failed, [], [], StudyRules.LostTooOften(trial.Lost + 1, trial.Data.Worker)));
        }

        if (Candidates(study, TrialState.Waiting, request.Limit, 1) is [var first])
        {
            return Commit(write, Begin(study, first, request, revision));
        }

        if (trials < request.Limit)
        {
            long id = Add(study, trials, revision);
            return Commit(write, Begin(study, new(id, new() { Number = trials, State = TrialState.Waiting }, 0, null, default, default, null), request, revision));
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

    private static T Commit<T>(SqlTransaction write, T result)
    {
        write.Commit();
        return result;
    }

    private List<Candidate> Candidates(long study, TrialState state, int limit, int most) => session.Query(
        $"""
        SELECT t.id, t.number, t.attempt, t.lost, a.worker, a.started, a.lease_token, a.lease_until, a.lease_ms, a.checkpoint
        FROM trial t LEFT JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
        WHERE t.study = {study} AND t.state = {state} AND t.number < {limit} ORDER BY t.number LIMIT {most}
        """,
        row => new Candidate(
            row.GetInt64(0),
            new() { Number = row.Whole(1), State = state, Attempt = row.Whole(2), Worker = row.Text(4), Started = row.Time(5) },
            row.Whole(3),
            row.Text(6),
            row.Time(7) ?? default,
            TimeSpan.FromMilliseconds(row.Long(8) ?? 0),
            row.Text(9)));

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
            INSERT INTO attempt (trial, n, worker, lease_token, lease_until, lease_ms, started, checkpoint)
            VALUES ({trial.Id}, {attempt}, {request.Worker}, {token}, {now + request.Lease}, {request.Lease}, {now}, {trial.Checkpoint})
            """);
        session.Execute($"UPDATE trial SET state = {TrialState.Running}, attempt = {attempt}, revision = {revision} WHERE id = {trial.Id}");
        var fixedValues = session.Query($"SELECT name, json FROM trial_fixed WHERE trial = {trial.Id}", row => KeyValuePair.Create(row.GetString(0), new Option(row.GetString(1))));
        return new(new(study, number, attempt, token), fixedValues.Count == 0 ? NothingFixed : new Dictionary<string, Option>(fixedValues), trial.Checkpoint);
    }

    private void EndAttempt(long trial, int attempt, string outcome) =>
        session.Execute($"UPDATE attempt SET ended = {Now()}, outcome = {outcome} WHERE trial = {trial} AND n = {attempt}");

    private sealed record Candidate(long Id, StoredTrial Data, int Lost, string? Token, DateTimeOffset Until, TimeSpan Duration, string? Checkpoint);
}

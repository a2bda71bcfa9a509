using System.Data.Common;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>Reading.</content>
public partial class SqlStore
{
    /// <inheritdoc/>
    /// <remarks>Rows are sorted here and not by the database, which might otherwise walk over all trials in order of
    /// number instead of over those that changed.</remarks>
    public override StudyChanges Read(long study, long since)
    {
        using (session.Read())
        {
            if (session.Query($"SELECT revision FROM study WHERE id = {study}", row => row.GetInt64(0))
                is not [var revision])
            {
                throw StudyRules.NoSuchStudy(study);
            }

            if (revision == since)
            {
                return new(revision, [], [], []);
            }

            var parameters = session.Query(
                $"SELECT name, distribution FROM parameter WHERE study = {study} AND revision > {since} ORDER BY ordinal",
                row => KeyValuePair.Create(row.GetString(0), ParameterForm.FromJson(row.GetString(1)).ToDistribution(row.GetString(0))));
            var numbers = Numbers(study, since);
            var fixedValues = session
                .Query(
                    $"""
                    SELECT t.number, f.name, f.json FROM trial t JOIN trial_fixed f ON f.trial = t.id
                    WHERE t.study = {study} AND t.revision > {since}
                    """,
                    row => (
                        Number: row.Whole(0),
                        Value: KeyValuePair.Create(row.GetString(1), new Option(row.GetString(2)))))
                .ToLookup(f => f.Number, f => f.Value);
            var (attributes, notes) = (Attributes(study, since), Notes(study, since));
            var trials = session.Query(
                $"""
                SELECT t.number, t.state, t.attempt, a.worker, a.started, t.finished, t.finished_revision, t.error,
                    t.vals, t.constraints, a.lease_token, p.text
                FROM trial t LEFT JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
                LEFT JOIN trial_proposal p ON p.trial = t.id
                WHERE t.study = {study} AND t.revision > {since}
                """,
                row => Trial(row, numbers, fixedValues, attributes, notes));
            trials.Sort((a, b) => a.Number.CompareTo(b.Number));
            var reports = session.Query(
                $"""
                SELECT t.number, m.step, m.value FROM metric m JOIN attempt a ON a.id = m.attempt
                JOIN trial t ON t.id = a.trial AND t.attempt = a.n
                WHERE m.study = {study} AND m.revision > {since}
                """,
                row => new StoredReport(row.Whole(0), row.GetInt64(1), session.Real(row, 2)));
            reports.Sort((a, b) => (a.Number, a.Step).CompareTo((b.Number, b.Step)));
            return new(revision, parameters, trials, reports) { Widenings = Widenings(study, since) };
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Artifact> Artifacts(long study, int number)
    {
        using (session.Read())
        {
            var artifacts = session.Query(
                $"""
                SELECT f.name, f.path, f.sha256, f.length FROM artifact f JOIN trial t ON t.id = f.trial
                WHERE t.study = {study} AND t.number = {number}
                """,
                row => new Artifact(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)));
            MustHave(study, number, artifacts.Count);
            artifacts.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return artifacts;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredMetric> Metrics(long study, int number) => Metrics(
        study,
        number,
        $"""
        SELECT a.n, m.step, m."key", m.value FROM trial t JOIN attempt a ON a.trial = t.id AND a.n = t.attempt
        JOIN metric m ON m.attempt = a.id
        WHERE t.study = {study} AND t.number = {number}
        """);

    /// <inheritdoc/>
    public override IReadOnlyList<StoredMetric> AllMetrics(long study, int number) => Metrics(
        study,
        number,
        $"""
        SELECT a.n, m.step, m."key", m.value FROM trial t JOIN attempt a ON a.trial = t.id
        JOIN metric m ON m.attempt = a.id
        WHERE t.study = {study} AND t.number = {number}
        """);

    /// <inheritdoc/>
    public override IReadOnlyList<StudyEvent> Events(long study)
    {
        using (session.Read())
        {
            MustHave(study);
            return session.Query(
                $"SELECT \"at\", number, kind, text FROM event WHERE study = {study} ORDER BY id",
                row => new StudyEvent(row.Time(0)!.Value, (int?)row.Long(1), row.GetString(2), row.GetString(3)));
        }
    }

    private static StoredTrial Trial(
        DbDataReader row,
        Dictionary<int, List<(int Ordinal, string Name, double Number)>> numbers,
        ILookup<int, KeyValuePair<string, Option>> fixedValues,
        ILookup<int, KeyValuePair<string, Option>> attributes,
        ILookup<int, TrialNote> notes)
    {
        int number = row.Whole(0);
        var state = row.State(1);
        return new()
        {
            Number = number,
            State = state,
            UnknownState = row.UnknownState(1),

            // Its lease was taken from the worker that did not end the trial itself.
            IsLost = state == TrialState.Failed && row.Text(10) is null,
            Attempt = row.Whole(2),
            Worker = row.Text(3),
            Started = row.Time(4),
            Finished = row.Time(5),
            FinishedRevision = row.Long(6),
            Error = row.Text(7),
            Values = DoubleList.Parse(row.GetString(8)),
            Constraints = DoubleList.Parse(row.GetString(9)),
            Proposal = row.Text(11),
            Fixed = fixedValues.Contains(number) ? StoredTrial.InOrder(fixedValues[number]) : StoredTrial.Nothing,
            Attributes = attributes.Contains(number) ? StoredTrial.InOrder(attributes[number]) : StoredTrial.Nothing,
            Notes = [.. notes[number]],
            Numbers = numbers.TryGetValue(number, out var own) ? own.ConvertAll(n => KeyValuePair.Create(n.Name, n.Number)) : [],
        };
    }

    /// <summary>Nothing may have been found because there is no such trial.</summary>
    private void MustHave(long study, int number, int found)
    {
        if (found == 0
            && session.Query(
                $"SELECT id FROM trial WHERE study = {study} AND number = {number}", row => row.GetInt64(0)).Count == 0)
        {
            MustHave(study);
            throw StudyRules.NoSuchTrial(study, number);
        }
    }

    private void MustHave(long study)
    {
        if (session.Query($"SELECT id FROM study WHERE id = {study}", row => row.GetInt64(0)).Count == 0)
        {
            throw StudyRules.NoSuchStudy(study);
        }
    }

    private List<StoredMetric> Metrics(long study, int number, FormattableString query)
    {
        using (session.Read())
        {
            var metrics = session.Query(
                query, row => new StoredMetric(row.Whole(0), row.GetInt64(1), row.GetString(2), session.Real(row, 3)));
            MustHave(study, number, metrics.Count);
            return metrics
                .OrderBy(m => m.Attempt).ThenBy(m => m.Step).ThenBy(m => m.Key, StringComparer.Ordinal).ToList();
        }
    }

    private List<Widening> Widenings(long study, long since) => session.Query(
        $"SELECT name, narrower, wider, trials FROM widening WHERE study = {study} AND revision > {since} ORDER BY ordinal",
        row => new Widening(
            row.GetString(0),
            ParameterForm.FromJson(row.GetString(1)).ToDistribution(row.GetString(0)),
            ParameterForm.FromJson(row.GetString(2)).ToDistribution(row.GetString(0)),
            row.Whole(3)));

    private Dictionary<int, List<(int Ordinal, string Name, double Number)>> Numbers(long study, long since)
    {
        var numbers = new Dictionary<int, List<(int Ordinal, string Name, double Number)>>();
        session.Query(
            $"""
            SELECT t.number, n.ordinal, p.name, n.number FROM trial t JOIN trial_parameter n ON n.trial = t.id
            JOIN parameter p ON p.study = t.study AND p.ordinal = n.parameter
            WHERE t.study = {study} AND t.revision > {since}
            """,
            row =>
            {
                int number = row.Whole(0);
                if (!numbers.TryGetValue(number, out var own))
                {
                    numbers.Add(number, own = []);
                }

                own.Add((row.Whole(1), row.GetString(2), session.Real(row, 3)));
                return number;
            });
        foreach (var own in numbers.Values)
        {
            own.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
        }

        return numbers;
    }
}

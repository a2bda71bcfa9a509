using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>What is said about trials beside their results.</content>
public partial class SqlStore
{
    /// <inheritdoc/>
    public override void SetAttribute(Lease lease, string name, Option value)
    {
        using var write = session.Write();
        var (revision, _) = Raise(lease.StudyId);
        SetAttribute(Held(lease).Trial, revision, name, value);
        write.Commit();
    }

    /// <inheritdoc/>
    public override void SetAttribute(long study, int number, string name, Option value)
    {
        using var write = session.Write();
        var (revision, _) = Raise(study);
        SetAttribute(TrialId(study, number), revision, name, value);
        write.Commit();
    }

    /// <inheritdoc/>
    public override void AddNote(long study, int number, string text)
    {
        using var write = session.Write();
        var (revision, _) = Raise(study);
        long trial = TrialId(study, number);
        session.Execute($"""
            INSERT INTO trial_note (trial, ordinal, "at", text)
            SELECT {trial}, COALESCE(MAX(ordinal) + 1, 0), {Now()}, {text} FROM trial_note WHERE trial = {trial}
            """);
        session.Execute($"UPDATE trial SET revision = {revision} WHERE id = {trial}");
        write.Commit();
    }

    private void SetAttribute(long trial, long revision, string name, Option value)
    {
        session.Execute($"""
            INSERT INTO trial_attribute (trial, name, json) VALUES ({trial}, {name}, {value.Json})
            ON CONFLICT (trial, name) DO UPDATE SET json = excluded.json
            """);
        session.Execute($"UPDATE trial SET revision = {revision} WHERE id = {trial}");
    }

    private long TrialId(long study, int number)
    {
        if (session.Query($"SELECT id FROM trial WHERE study = {study} AND number = {number}", row => row.GetInt64(0)) is not [var trial])
        {
            throw StudyRules.NoSuchTrial(study, number);
        }

        return trial;
    }

    private ILookup<int, KeyValuePair<string, Option>> Attributes(long study, long since) => session
        .Query(
            $"""
            SELECT t.number, a.name, a.json FROM trial t JOIN trial_attribute a ON a.trial = t.id
            WHERE t.study = {study} AND t.revision > {since}
            """,
            row => (Number: row.Whole(0), Value: KeyValuePair.Create(row.GetString(1), new Option(row.GetString(2)))))
        .ToLookup(a => a.Number, a => a.Value);

    private ILookup<int, TrialNote> Notes(long study, long since) => session
        .Query(
            $"""
            SELECT t.number, n.ordinal, n."at", n.text FROM trial t JOIN trial_note n ON n.trial = t.id
            WHERE t.study = {study} AND t.revision > {since}
            """,
            row => (Number: row.Whole(0), Ordinal: row.GetInt64(1), Note: new TrialNote(row.Time(2)!.Value, row.GetString(3))))
        .OrderBy(n => n.Ordinal)
        .ToLookup(n => n.Number, n => n.Note);
}

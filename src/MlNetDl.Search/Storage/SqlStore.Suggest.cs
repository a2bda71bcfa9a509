using System.Collections.Concurrent;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>Numbers of parameters, and their distributions.</content>
public partial class SqlStore
{
    // A committed parameter changes by widening alone, so who knows it need not ask again while the study has as many
    // widenings.
    private readonly ConcurrentDictionary<(long StudyId, string Name, long Widenings), (int Ordinal, Distribution Distribution)> known =
        new();

    /// <inheritdoc/>
    public override void Suggest(Lease lease, IReadOnlyList<Suggestion> suggestions, string? proposal = null)
    {
        using var write = session.Write();
        var (revision, _) = Raise(lease.StudyId);
        var held = Held(lease);
        long widenings = Widenings(lease.StudyId);
        var used = new List<KeyValuePair<(long, string, long), (int, Distribution)>>();
        foreach (var (name, distribution, number) in suggestions)
        {
            var parameter = Parameter(lease, held.Data, name, distribution, revision, widenings);
            used.Add(KeyValuePair.Create((lease.StudyId, name, widenings), parameter));
            int rows = session.Execute($"""
                INSERT INTO trial_parameter (trial, ordinal, parameter, number)
                SELECT {held.Trial}, COALESCE(MAX(ordinal) + 1, 0), {parameter.Ordinal}, {number} FROM trial_parameter
                WHERE trial = {held.Trial} ON CONFLICT DO NOTHING
                """);
            if (rows == 0)
            {
                var again = held.Data with { Numbers = [KeyValuePair.Create(name, number)] };
                StudyRules.CheckSuggestion(StudyName(lease.StudyId), again, name, distribution, null);
            }
        }

        if (proposal is not null)
        {
            session.Execute($"INSERT INTO trial_proposal (trial, text) VALUES ({held.Trial}, {proposal}) ON CONFLICT DO NOTHING");
        }

        session.Execute($"UPDATE trial SET revision = {revision} WHERE id = {held.Trial}");
        write.Commit();
        used.ForEach(p => known.TryAdd(p.Key, p.Value));
    }

    private (int Ordinal, Distribution Distribution) Parameter(
        Lease lease, StoredTrial trial, string name, Distribution distribution, long revision, long widenings)
    {
        if (!known.TryGetValue((lease.StudyId, name, widenings), out var parameter))
        {
            var stored = session.Query(
                $"SELECT ordinal, distribution FROM parameter WHERE study = {lease.StudyId} AND name = {name}",
                row => (row.Whole(0), ParameterForm.FromJson(row.GetString(1)).ToDistribution(name)));
            parameter = stored is [var one] ? one : (session.Query(
                $"""
                INSERT INTO parameter (study, ordinal, name, distribution, revision)
                SELECT {lease.StudyId}, COALESCE(MAX(ordinal) + 1, 0), {name}, {distribution.ToString()}, {revision}
                FROM parameter WHERE study = {lease.StudyId} RETURNING ordinal
                """,
                row => row.Whole(0))[0], distribution);
        }

        if (parameter.Distribution != distribution)
        {
            StudyRules.CheckSuggestion(StudyName(lease.StudyId), trial, name, distribution, parameter.Distribution);
            var widening = new Widening(name, parameter.Distribution, distribution, lease.Number);
            Widen(lease.StudyId, widening, revision);
            Note(lease.StudyId, lease.Number, "widened", StudyRules.WidenedText(widening));
            parameter.Distribution = distribution;
        }

        return parameter;
    }

    private void Widen(long study, SearchSpace before, SearchSpace now, int trials)
    {
        var (revision, _) = Raise(study);
        foreach (var widening in StudyRules.Widenings(before, now, trials))
        {
            Widen(study, widening, revision);
        }

        Note(study, null, "widened", StudyRules.WidenedText(before, now, trials));
    }

    private void Widen(long study, Widening widening, long revision)
    {
        session.Execute(
            $"""
            UPDATE parameter SET distribution = {widening.Now.ToString()}, revision = {revision}
            WHERE study = {study} AND name = {widening.Parameter}
            """);
        session.Execute($"""
            INSERT INTO widening (study, ordinal, name, narrower, wider, trials, revision)
            SELECT {study}, COALESCE(MAX(ordinal) + 1, 0), {widening.Parameter}, {widening.Before.ToString()},
                {widening.Now.ToString()}, {widening.Trials}, {revision} FROM widening WHERE study = {study}
            """);
    }

    private long Widenings(long study) =>
        session.Query($"SELECT COUNT(*) FROM widening WHERE study = {study}", row => row.GetInt64(0))[0];

    private string StudyName(long study) => session.Query($"SELECT name FROM study WHERE id = {study}", row => row.GetString(0))[0];
}

using System.Collections.Concurrent;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <content>Numbers of parameters.</content>
public partial class SqlStore
{
    // A parameter never changes once it is committed, so who knows it need not ask again.
    private readonly ConcurrentDictionary<(long StudyId, string Name), (int Ordinal, Distribution Distribution)> known = new();

    /// <inheritdoc/>
    public override void Suggest(Lease lease, IReadOnlyList<Suggestion> suggestions)
    {
        using var write = session.Write();
        var (revision, _) = Raise(lease.StudyId);
        var held = Held(lease);
        var used = new List<KeyValuePair<(long, string), (int, Distribution)>>();
        foreach (var (name, distribution, number) in suggestions)
        {
            var parameter = Parameter(lease, held.Data, name, distribution, revision);
            used.Add(KeyValuePair.Create((lease.StudyId, name), parameter));
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

        session.Execute($"UPDATE trial SET revision = {revision} WHERE id = {held.Trial}");
        write.Commit();
        used.ForEach(p => known.TryAdd(p.Key, p.Value));
    }

    private (int Ordinal, Distribution Distribution) Parameter(
        Lease lease, StoredTrial trial, string name, Distribution distribution, long revision)
    {
        if (!known.TryGetValue((lease.StudyId, name), out var parameter))
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
        }

        return parameter;
    }

    private string StudyName(long study) => session.Query($"SELECT name FROM study WHERE id = {study}", row => row.GetString(0))[0];
}

using Microsoft.Data.Sqlite;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

/// <content>Damaged files.</content>
public sealed partial class SqliteTroubleTests
{
    [Theory]
    [InlineData("random")]
    [InlineData("text")]
    [InlineData("header")]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is(string kind)
    {
        var bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        if (kind == "text")
        {
            bytes = "epoch,loss\n1,0.5\n"u8.ToArray();
        }
        else if (kind == "header")
        {
            "SQLite format 3\0"u8.CopyTo(bytes);
        }

        File.WriteAllBytes(Store, bytes);
        Refused(
            "is no SQLite database, or a damaged one. Restore a copy, or choose another place for the study",
            () => new SqliteStore(Store).Dispose());
        Assert.Equal(bytes, File.ReadAllBytes(Store));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void A_truncated_file_is_refused(double share)
    {
        Make(trials: 100);
        using (var file = File.OpenWrite(Store))
        {
            file.SetLength((long)(file.Length * share));
        }

        Refused("is damaged. Restore a copy, or save what can be read", () => new SqliteStore(Store).Dispose());
    }

    [Fact]
    public void Damage_within_the_file_ends_in_an_error_of_the_store()
    {
        Make(trials: 100);
        using (var file = File.OpenWrite(Store))
        {
            // The first page is left: the file opens.
            var noise = new byte[file.Length - 4096];
            new Random(1).NextBytes(noise);
            file.Position = 4096;
            file.Write(noise);
        }

        Refused("is damaged", () => Study.Open(Store, "study").Dispose());
    }

    [Theory]
    [InlineData("Paused")]
    [InlineData("2")] // A number is no name of a state.
    [InlineData("complete")]
    public void A_state_from_a_newer_program_is_read_as_unknown_and_nobody_takes_the_trial(string state)
    {
        Make(trials: 4);
        using (var other = Connect())
        using (Command(other, $"UPDATE trial SET state = '{state}' WHERE number IN (1, 2)"))
        using (Command(other, $"UPDATE trial SET finished = NULL, finished_revision = NULL, vals = '' WHERE number = 2"))
        {
        }

        using var study = Study.Open(Store, "study");
        Assert.Equal([0, 3], study.History.Finished.Select(t => t.Number));
        Assert.Equal(
            [(TrialState.Complete, null), (TrialState.Unknown, state), (TrialState.Unknown, state), (TrialState.Complete, null)],
            study.Trials.Select(t => (t.State, t.UnknownState)));
        Assert.Equal(4, study.Trials.Count(t => t.Numbers.ContainsKey("x") && t.Reports.Count == 1));
        string warning = $"trials 1, 2 have the state '{state}', which a newer program wrote and this one does not know: not run, not "
            + "counted as a result. Use the newer program to see what became of it.";
        Assert.Equal([warning], study.Warnings);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(warning).Replace("&#39;", "'"), StudyReport.ToHtml(study), StringComparison.Ordinal);
        Assert.Contains(",unknown,", TrialList.Of(study.History).ToCsv(), StringComparison.Ordinal);
        study.Optimize(Value, trials: 6);
        Assert.Equal([0, 3, 4, 5], study.History.Finished.Select(t => t.Number));
        Assert.Equal(
            "trial 1 of study 'study' has a state from a newer program; cancel it with that one.",
            Assert.Throws<StudyException>(() => study.Cancel(1)).Message);
        using (var other = Connect())
        using (Command(other, "UPDATE study SET revision = revision + 1"))
        using (Command(other, "UPDATE trial SET state = 'Failed', error = 'late', revision = (SELECT revision FROM study) WHERE number = 2"))
        {
        }

        // The newer program has gone on.
        Assert.Equal("late", study.History.Finished[^1].Error);
    }

    [Theory]
    [InlineData("UPDATE trial SET vals = '1 two'", "")]
    [InlineData("UPDATE attempt SET started = 9000000000000000000", "")]
    [InlineData("UPDATE parameter SET distribution = '{'", "the text is not JSON")]
    [InlineData("UPDATE parameter SET distribution = '{\"uniform\":[1,0]}'", "")]
    [InlineData("UPDATE trial_fixed SET json = '{'", "")]
    [InlineData(
        "UPDATE study SET directions = 'Sideways'",
        "'Sideways' is no Goal that this program knows; a newer one may have written it.")]
    public void What_no_store_writes_is_told_from_what_one_does(string damage, string problem)
    {
        Make(trials: 3);
        using (var study = Study.Open(Store, "study"))
        {
            study.Enqueue(new Dictionary<string, object?> { ["x"] = 1 });
        }

        using (var other = Connect())
        using (Command(other, damage))
        {
            Refused($"holds something that no store writes: {problem}", () => Study.Open(Store, "study").Dispose());
        }
    }
}

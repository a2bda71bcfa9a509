using MlNetDl.Search;
using MlNetDl.Search.Analysis;

namespace MlNetDl.Search.Tests;

/// <summary>Attributes and notes of trials.</summary>
public sealed class StudyRemarksTests : IDisposable
{
    private readonly Study study = Study.InMemory("study");

    public void Dispose() => study.Dispose();

    [Fact]
    public void A_trial_carries_attributes_and_notes()
    {
        study.Optimize(
            t =>
            {
                t.SetAttribute("weights", 61_706);
                t.SetAttribute("commit", t.Number == 0 ? "ab, \"12\"" : "cd");
                Assert.Equal(["commit", "weights"], t.Record.Attributes.Keys);
                return t.Uniform("x", 0, 1);
            },
            trials: 2);
        var best = study.Best!;
        study.SetAttribute(best.Number, "test accuracy", 0.9125);
        study.SetAttribute(0, "tags", new[] { "a", "b" });
        study.Note(1, "  loss rises\nafter epoch 3");
        study.Note(1, "look again");
        Assert.Equal(0.9125, study.Best!.Attributes["test accuracy"].Plain());
        Assert.Equal(0.9125, study.ParetoFront.Single().Attributes["test accuracy"].As<double>());
        Assert.Equal(["  loss rises\nafter epoch 3", "look again"], study.Trials[1].Notes.Select(n => n.Text));

        var table = TrialList.Of(study.History).ToTable();
        Assert.Equal(
            ["attribute.commit", "attribute.tags", "attribute.test accuracy", "attribute.weights", "notes"],
            table.Columns.SkipWhile(c => !c.StartsWith("attribute.", StringComparison.Ordinal)));
        object? accuracy = best.Number == 0 ? 0.9125 : null;
        Assert.Equal(["ab, \"12\"", "[\"a\",\"b\"]", accuracy, 61_706L, null], table.Rows[0].TakeLast(5));
        Assert.Contains(",\"ab, \"\"12\"\"\",", table.ToCsv(), StringComparison.Ordinal);
        Assert.Contains("\"notes\": \"  loss rises\\nafter epoch 3\\nlook again\"", table.ToJson(), StringComparison.Ordinal);
        Assert.Contains("\"attribute.weights\": 61706", table.ToJson(), StringComparison.Ordinal);
        Assert.Contains("look again", StudyReport.ToHtml(study), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_without_remarks_has_no_columns_for_them()
    {
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        Assert.Equal(["error", "proposal"], TrialList.Of(study.History).ToTable().Columns.TakeLast(2));
    }

    [Fact]
    public void What_cannot_be_said_says_why()
    {
        var trial = study.Ask();
        Assert.Throws<ArgumentException>(() => trial.SetAttribute(" ", 1));
        Assert.Throws<ArgumentException>(() => study.Note(0, ""));
        Assert.StartsWith(
            "attribute 'loss': the value NaN has no JSON form",
            Assert.Throws<ArgumentException>(() => trial.SetAttribute("loss", double.NaN)).Message,
            StringComparison.Ordinal);
        Assert.Contains("has no trial 7", Assert.Throws<StudyException>(() => study.SetAttribute(7, "a", 1)).Message, StringComparison.Ordinal);
        Assert.Contains("has no trial 7", Assert.Throws<StudyException>(() => study.Note(7, "a")).Message, StringComparison.Ordinal);
        study.Tell(trial, 1);
        Assert.Contains(
            "has finished already",
            Assert.Throws<StudyException>(() => trial.SetAttribute("late", 1)).Message,
            StringComparison.Ordinal);
        Assert.Empty(study.Trials[0].Attributes);
    }
}

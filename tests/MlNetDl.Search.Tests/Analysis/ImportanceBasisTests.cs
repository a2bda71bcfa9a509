using System.Text.Json;
using System.Xml.Linq;
using MlNetDl.Metrics;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Tests.Analysis;

/// <summary>Importances say what they rest on.</summary>
public sealed class ImportanceBasisTests
{
    private static readonly Distribution Unit = new Uniform(0, 1);
    private static readonly FunctionalAnova Small = new() { Trees = 16 };
    private static readonly StudyReportOptions Quick = new() { Importances = [new PedAnova(), Small] };

    // Values that no parameter has anything to do with.
    private static History Noise(int trials)
    {
        var random = new Random(5);
        return Made.Function(trials, [Unit, Unit], _ => random.NextDouble());
    }

    private static string[] Texts(AnalysisData data) =>
        [.. XElement.Parse(data.ToSvg()).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];

    private static History Branches() => History.Of([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
        ? Made.Trial(i, i, ("branch", Choice.Of("a", "b"), 0), ("ofA", Unit, i / 40.0))
        : Made.Trial(i, 3 * i, ("branch", Choice.Of("a", "b"), 1)))]);

    [Fact]
    public void Examples_are_predicted_by_the_trees_that_have_not_seen_them()
    {
        // Left of ½ the first tree says 0, right of it 4; the second says 1 everywhere.
        var forest = new OutOfBag([[0], [0.5], [0.75], [1]], [1, 2, 3, 7]);
        forest.Add([new([0], [0.5], [null], 0), new([0.5], [1], [null], 4)], [0, 0, 3, 3]);
        forest.Add([new([0], [1], [null], 1)], [0, 1, 1, 0]);

        // The first example is seen by both. The others: 2 by the first tree 0, 3 by both 2.5, 7 by the second 1; their
        // mean is 4.
        Assert.Equal(1 - ((4 + 0.25 + 36) / (4 + 1 + 9.0)), forest.RSquared()!.Value, 12);
        Assert.Null(new OutOfBag([[0], [1]], [1, 2]).RSquared());
        var same = new OutOfBag([[0], [1]], [2, 2]);
        same.Add([new([0], [1], [null], 1)], []);
        Assert.Null(same.RSquared());
    }

    [Fact]
    public void Sets_of_options_and_the_lowest_place_lie_in_their_box()
    {
        var leaf = new TreeLeaf([0, 0], [0.25, 1], [null, [true, false, true]], 1);
        Assert.True(leaf.Contains([0, 2]));
        Assert.True(leaf.Contains([0.25, 0]));
        Assert.False(leaf.Contains([0.26, 0]));
        Assert.False(leaf.Contains([0.1, 1]));
        Assert.False(new TreeLeaf([0.25, 0], [1, 1], [null, [true, true, true]], 1).Contains([0.25, 0]));
    }

    [Fact]
    public void A_smooth_sum_is_explained_and_its_parameters_share_the_variance()
    {
        var found = Small.Evaluate(Made.Function(600, [Unit, Unit], x => (3 * x[0]) + x[1]));
        Assert.InRange(found.RSquared!.Value, 0.95, 1);
        Assert.Equal(found.Importances.Sum(i => i.VarianceShare!.Value), found.MainEffects!.Value, 12);
        Assert.InRange(found.MainEffects.Value, 0.9, 1);
        var facts = JsonDocument.Parse(found.ToJson()).RootElement;
        Assert.Equal(found.RSquared.Value, facts.GetProperty("rSquared").GetDouble());
        Assert.Equal(found.MainEffects.Value, facts.GetProperty("mainEffects").GetDouble());
        Assert.Equal(found.Basis, facts.GetProperty("basis").GetString());
        Assert.Contains(FormattableString.Invariant(
            $"R² {found.RSquared:0.00} on unseen trials; single parameters have {found.MainEffects:0%} of the forest's variance"), Texts(found));
    }

    [Fact]
    public void An_interaction_is_known_to_the_forest_and_belongs_to_no_parameter()
    {
        var found = Small.Evaluate(Made.Function(900, [Unit, Unit], x => (x[0] - 0.5) * (x[1] - 0.5)));
        Assert.InRange(found.RSquared!.Value, 0.8, 1);
        Assert.InRange(found.MainEffects!.Value, 0, 0.15);
    }

    [Fact]
    public void Where_the_forest_knows_nothing_importances_are_said_to_mean_nothing()
    {
        var found = Small.Evaluate(Noise(200));
        Assert.InRange(found.RSquared!.Value, -1, 0);
        Assert.Contains("mean nothing", Assert.Single(found.Notes), StringComparison.Ordinal);
        Assert.Contains(Texts(found), t => t.EndsWith("mean nothing", StringComparison.Ordinal));

        // Only the colour of bars that mean something.
        Assert.DoesNotContain($"p-{PlotTheme.Blue.Name}\"", Bars(found), StringComparison.Ordinal);
        Assert.Contains($"p-{PlotTheme.Blue.Name}\"", Bars(new PedAnova().Evaluate(Noise(200))), StringComparison.Ordinal);
        Assert.Contains("mean nothing", StudyReport.ToHtml(Noise(200), new(), Quick), StringComparison.Ordinal);
        static string Bars(AnalysisData data) =>
            string.Concat(XElement.Parse(data.ToSvg()).Descendants().Where(e => e.Name.LocalName == "rect"));
    }

    [Fact]
    public void Where_nothing_varies_there_is_no_share()
    {
        var found = Small.Evaluate(Made.Function(30, [Unit], _ => 2));
        Assert.Null(found.RSquared);
        Assert.Equal("", found.Basis);
    }

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void The_best_are_counted_with_their_equals(Goal goal)
    {
        var clear = new PedAnova().Evaluate(Made.Function(120, [Unit], x => x[0], goal: goal));
        Assert.Equal("the best 12 of 120 complete trials against all of them", clear.Basis);
        Assert.Contains(clear.Basis, Texts(clear));
        double sign = goal == Goal.Minimize ? 1 : -1;
        var ties = new PedAnova().Evaluate(Made.Function(120, [Unit], x => sign * Math.Max(0.5, x[0]), goal: goal));
        int equal = Made.Function(120, [Unit], x => x[0]).Trials.Count(t => t.Value <= 0.5);
        Assert.Equal($"the best {equal} of 120 complete trials against all of them", ties.Basis);
        Assert.Null(clear.RSquared);
        Assert.Null(clear.MainEffects);
    }

    [Fact]
    public void Parameters_that_only_some_trials_have_are_named_in_the_title()
    {
        var found = Small.Evaluate(Branches());
        Assert.Equal(["ofA"], found.LeftOut);
        Assert.Contains("without ofA", Texts(found));
        var titles = XDocument.Parse(StudyReport.ToHtml(Branches(), new(), Quick)).Descendants("h3").Select(t => t.Value).ToList();
        Assert.Contains("What moves the value, without ofA (fANOVA)", titles);
        Assert.Contains("What makes the value good (PED-ANOVA)", titles);
        Assert.Equal("without 4 parameters that only some trials have", ImportancePlot.Without(["a", "b", "c", "d"]));
    }

    [Fact]
    public void The_cut_after_twelve_bars_is_said()
    {
        var many = new PedAnova().Evaluate(Made.Function(200, [.. Enumerable.Repeat(Unit, 14)], x => x.Sum()));
        string rest = many.Importances.Skip(12).Sum(i => i.Importance).ToString("0.0%", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"the first 12 of 14 parameters; the others have {rest} together", Texts(many));
        var few = new PedAnova().Evaluate(Made.Function(200, [.. Enumerable.Repeat(Unit, 12)], x => x.Sum()));
        Assert.DoesNotContain(Texts(few), t => t.Contains("the others", StringComparison.Ordinal));
    }
}

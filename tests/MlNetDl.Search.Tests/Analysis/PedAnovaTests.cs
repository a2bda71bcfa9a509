using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class PedAnovaTests
{
    private static readonly Distribution Unit = new Uniform(0, 1);

    private static Dictionary<string, double> Of(History history, int objective = 0) =>
        new PedAnova().Evaluate(history, objective).Importances.ToDictionary(i => i.Parameter, i => i.Importance);

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void A_dummy_has_no_importance_and_all_sum_to_one(Goal goal)
    {
        var importances = Of(Made.Function(1000, [Unit, Unit, Unit], x => x[0] + (0.3 * x[1]), goal: goal));
        Assert.Equal(1, importances.Values.Sum(), 12);
        Assert.True(importances["x0"] > 4 * importances["x1"], $"{importances["x0"]} against {importances["x1"]}");
        Assert.InRange(importances["x2"], 0, 0.03);
    }

    [Fact]
    public void Symmetric_parameters_have_equal_importances_whatever_their_scale()
    {
        var importances = Of(Made.Function(
            4000,
            [Unit, new LogUniform(1e-6, 1)],
            x => Math.Pow(x[0] - 0.5, 2) + Math.Pow((Math.Log10(x[1]) / 6) + 0.5, 2)));
        Assert.Equal(0.5, importances["x0"], 0.05);
    }

    [Fact]
    public void The_divergences_of_choices_have_closed_forms()
    {
        // 100 trials with 50 of each option. Of the 10 best, 10 and 7 have the first option; a density adds half a
        // trial to each option.
        Distribution choice = Choice.Of("a", "b");
        var history = History.Of([.. Enumerable.Range(0, 100).Select(i => Made.Trial(i, i < 10 ? 0 : 1,
            ("all", choice, i < 50 ? 0 : 1), ("seven", choice, i is < 7 or (>= 10 and < 53) ? 0 : 1), ("half", choice, i % 2)))]);
        static double Divergence(int first) =>
            0.5 * (Math.Pow(((first + 0.5) / 11 / 0.5) - 1, 2) + Math.Pow(((10.5 - first) / 11 / 0.5) - 1, 2));
        var importances = Of(history);
        Assert.Equal(Divergence(10) / (Divergence(10) + Divergence(7)), importances["all"], 1e-9);
        Assert.Equal(Divergence(7) / (Divergence(10) + Divergence(7)), importances["seven"], 1e-9);
        Assert.Equal(0, importances["half"], 1e-9);
    }

    [Fact]
    public void Densities_sum_to_one_and_lie_where_the_trials_are()
    {
        foreach (Distribution distribution in new Distribution[]
        {
            Unit,
            new LogUniform(1e-3, 1e3),
            new Integer(0, 9),
            new Integer(1, 1000, 1, true),
            new Integer(0, 5000, 5),
            Choice.Of("a", "b", "c"),
        })
        {
            var numbers = Enumerable.Range(0, 40).Select(i => distribution.FromUnit(i / 400.0)).ToList();
            var density = ScottDensity.Of(distribution, numbers, 50);
            Assert.Equal(1, density.Sum(), 1e-9);
            Assert.True(density[0] > density[^1]);
            Assert.True(density.Length <= 50);
        }
    }

    [Fact]
    public void A_parameter_of_a_branch_is_judged_within_it()
    {
        // In branch a its parameter decides everything; in branch b, never among the best, nothing does.
        Distribution branch = Choice.Of("a", "b");
        var random = new Random(2);
        var history = History.Of([.. Enumerable.Range(0, 600).Select(i =>
        {
            double x = random.NextDouble();
            return i % 2 == 0
                ? Made.Trial(i, x, ("branch", branch, 0), ("ofA", Unit, x))
                : Made.Trial(i, 2 + random.NextDouble(), ("branch", branch, 1), ("ofB", Unit, x));
        })]);
        var importances = Of(history);
        Assert.True(importances["ofA"] > importances["branch"] && importances["branch"] > 0.05, string.Join(' ', importances));
        Assert.Equal(0, importances["ofB"]);
        Assert.Equal(300, new PedAnova().Evaluate(history).Importances.Single(i => i.Parameter == "ofA").Trials);
    }

    [Fact]
    public void A_choice_within_a_branch_counts_by_its_share_of_trials_and_of_the_best()
    {
        // Half of 100 trials are in branch a, and the 10 best all have its first option. Both divergences are equal;
        // the branch has s b² = 1 · 0.1², the option ½ · 0.2², twice as much.
        Distribution choice = Choice.Of("a", "b");
        var importances = Of(History.Of([.. Enumerable.Range(0, 100).Select(i => i < 50
            ? Made.Trial(i, i < 10 ? 0 : 1, ("branch", choice, 0), ("option", choice, i < 25 ? 0 : 1))
            : Made.Trial(i, 1, ("branch", choice, 1)))]));
        Assert.Equal(2.0 / 3, importances["option"], 1e-9);
        Assert.Equal(1.0 / 3, importances["branch"], 1e-9);
    }

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void Infeasible_trials_come_after_all_feasible_ones(Goal goal)
    {
        // The values say that x0 decides, but where they are good a constraint is broken; of the rest x1 decides.
        var made = Made.Function(300, [Unit, Unit], x => (goal == Goal.Minimize ? 1 : -1) * (x[0] < 0.5 ? x[0] - 10 : x[1]), goal: goal);
        Assert.True(Of(made)["x0"] > 0.9);
        Assert.True(
            Of(History.Of(
                [.. made.Trials.Select(t => t with { Constraints = [t.Numbers["x0"] < 0.5 ? double.NaN : -1] })],
                [goal]))["x1"] > 0.6);

        // Where all are infeasible the smallest violation is best.
        Assert.True(Of(History.Of([.. made.Trials.Select(t => t with { Constraints = [1 + t.Numbers["x1"]] })], [goal]))["x1"] > 0.9);
    }

    [Fact]
    public void Infinite_values_count_as_bad_ones()
    {
        var importances = Of(Made.Function(300, [Unit, Unit], x => x[0] > 0.3 ? double.PositiveInfinity : x[0]));
        Assert.True(importances["x0"] > 0.9);
    }

    [Fact]
    public void Where_trials_do_not_tell_it_says_so()
    {
        var same = new PedAnova().Evaluate(Made.Function(50, [Unit, Unit], _ => 1));
        Assert.All(same.Importances, i => Assert.Equal(0, i.Importance));
        Assert.Contains("do not tell", Assert.Single(same.Notes), StringComparison.Ordinal);
        var two = new PedAnova().Evaluate(Made.Function(2, [Unit], x => x[0]));
        Assert.Equal(0, Assert.Single(two.Importances).Importance);
        Assert.Contains("need 3", Assert.Single(two.Notes), StringComparison.Ordinal);
        Assert.Empty(new PedAnova().Evaluate(Made.Function(9, [new Integer(3, 3)], x => x[0])).Importances);
        Assert.Throws<ArgumentException>(() => new PedAnova { Quantile = 1 }.Evaluate(Made.Mixed()));
    }
}

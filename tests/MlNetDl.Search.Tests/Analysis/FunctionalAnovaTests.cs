using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class FunctionalAnovaTests
{
    private static readonly Distribution Unit = new Uniform(0, 1);
    private static readonly FunctionalAnova Small = new() { Trees = 16 };

    private static Dictionary<string, ParameterImportance> Of(History history) => Small.Evaluate(history).Importances
        .ToDictionary(i => i.Parameter);

    [Fact]
    public void Shares_of_an_additive_function_are_its_variances()
    {
        // Var(a x) = a²/12 for a range, whatever its scale; a fair coin of height h has h²/4. In all 9
        // + 1 + 3 twelfths.
        var shares = Of(Made.Function(
            900,
            [Unit, new LogUniform(1e-4, 1), Choice.Of("a", "b"), new Integer(1, 9)],
            x => (3 * x[0]) + (Math.Log10(x[1]) / 4) + x[2]));
        Assert.Equal(9 / 13.0, shares["x0"].VarianceShare!.Value, 0.05);
        Assert.Equal(1 / 13.0, shares["x1"].VarianceShare!.Value, 0.05);
        Assert.Equal(3 / 13.0, shares["x2"].VarianceShare!.Value, 0.05);
        Assert.InRange(shares["x3"].VarianceShare!.Value, 0, 0.005);
        Assert.Equal(1, shares.Values.Sum(s => s.Importance), 12);
    }

    [Fact]
    public void Of_many_parameters_the_strongest_has_its_variance_and_more_than_its_importance()
    {
        // Weights 0.8^i: the first has 1 / Σ 0.64^i = 37 % of the variance. Weak ones look like interactions, so that
        // the shares do not sum to 1.
        var found = Small.Evaluate(Made.Function(
            200, [.. Enumerable.Repeat(Unit, 8)], x => x.Select((v, i) => Math.Pow(0.8, i) * v).Sum())).Importances;
        Assert.Equal(["x0", "x1", "x2"], found.Take(3).Select(i => i.Parameter));
        Assert.Equal(0.37, found[0].VarianceShare!.Value, 0.06);
        Assert.InRange(found[0].Importance, 0.45, 0.65);
        Assert.InRange(found.Sum(i => i.VarianceShare!.Value), 0.6, 0.85);
    }

    [Fact]
    public void An_interaction_belongs_to_no_parameter_alone()
    {
        // (x − ½)(y − ½) has no main effects.
        var shares = Of(Made.Function(900, [Unit, Unit], x => (x[0] - 0.5) * (x[1] - 0.5)));
        Assert.InRange(shares.Values.Sum(s => s.VarianceShare!.Value), 0, 0.15);
    }

    [Fact]
    public void Symmetric_parameters_have_equal_importances()
    {
        var shares = Of(Made.Function(900, [new Uniform(-5, 5), new Uniform(-5, 5)], x => (x[0] * x[0]) + (x[1] * x[1])));
        Assert.Equal(0.5, shares["x0"].Importance, 0.05);
    }

    [Fact]
    public void Marginals_of_a_tree_are_exact()
    {
        // Left of ¼ it is 4; right of it 0, but 8 for option b of three.
        bool[] all = [true, true, true];
        TreeLeaf[] leaves =
        [
            new([0, 0], [0.25, 1], [null, all], 4),
            new([0.25, 0], [1, 1], [null, [true, false, true]], 0),
            new([0.25, 0], [1, 1], [null, [false, true, false]], 8),
        ];
        var marginals = new TreeMarginals([0, 3], leaves);
        double mean = 0.25 * 4 + (0.25 * 8);
        Assert.Equal((0.25 * 16) + (0.25 * 64) - (mean * mean), marginals.Variance, 12);

        // Over the range: 4, then 8/3. Over the options: 1, 1 + ¾·8, 1.
        Assert.Equal((0.25 * 16) + (0.75 * 64 / 9) - (mean * mean), marginals.VarianceOf(0), 12);
        Assert.Equal(((1 + 49 + 1) / 3.0) - (mean * mean), marginals.VarianceOf(1), 12);
    }

    [Fact]
    public void Leaves_fill_the_cube_once_and_meet_the_examples()
    {
        var random = new Random(4);
        double[][] rows = [.. Enumerable.Range(0, 60).Select(_ => new[] { random.NextDouble(), random.Next(4), random.NextDouble() })];
        double[] values = [.. rows.Select(r => r[0] + (r[1] == 2 ? 1 : 0) + (r[2] * r[2]))];
        var leaves = new TreeGrower([0, 4, 0], rows, values, 64, new TrialRandom(1, 0, "test")).Grow();
        Assert.Equal(1, leaves.Sum(l => l.Volume()), 12);
        for (int i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            Assert.Equal(
                values[i],
                Assert.Single(leaves, l => l.From[0] < row[0]
                    && row[0] <= l.To[0]
                    && l.Options[1]![(int)row[1]]
                    && l.From[2] < row[2]
                    && row[2] <= l.To[2]).Value);
        }
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(1e200)]
    public void Values_whose_squares_overflow_count_as_infinite(double penalty)
    {
        var all = Small.Evaluate(Made.Function(200, [Unit, Unit], x => x[1] > 0.9 ? penalty : x[0]));
        Assert.True(all.Importances[0] is { Parameter: "x0", VarianceShare: > 0.9 }, $"{all.Importances[0]}");
        Assert.EndsWith(
            "trials with infinite values are left out; values beyond ±1e100 count as such.",
            Assert.Single(all.Notes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_judged_is_left_out_and_noted()
    {
        Distribution branch = Choice.Of("a", "b");
        var history = History.Of([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? Made.Trial(i, i, ("branch", branch, 0), ("ofA", Unit, i / 40.0))
            : Made.Trial(i, i == 1 ? double.NegativeInfinity : 3 * i, ("branch", branch, 1)))]);
        var found = Small.Evaluate(history);
        Assert.Equal(["branch"], found.Importances.Select(i => i.Parameter));
        Assert.Equal(["1 trials with infinite values are left out.", "Left out, because only some trials have them: ofA."], found.Notes);
        Assert.All(Small.Evaluate(Made.Function(30, [Unit, Unit], _ => 2)).Importances, i => Assert.Equal(0, i.Importance));
        Assert.Contains("need 4", Assert.Single(Small.Evaluate(Made.Function(3, [Unit], x => x[0])).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_evaluations_are_the_same() => Assert.Equal(
        Small.Evaluate(Made.Function(50, [Unit, Unit], x => x[0])).ToCsv(),
        Small.Evaluate(Made.Function(50, [Unit, Unit], x => x[0])).ToCsv());
}

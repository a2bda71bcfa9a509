using System.Text.Json.Nodes;
using MathNet.Numerics.Distributions;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.Tpe;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>The densities of Optuna 5.0.0rc1, number by number.</summary>
public sealed class TpeGoldenTests
{
    private static readonly JsonNode Golden = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden/optuna-5.0.0rc1.json")))!;
    private static readonly Uniform X = new(-10, 10);
    private static readonly double[] Observed = [-3, -1, 0.5, 2, 7.5];

    [Theory]
    [InlineData("parzen_mv=False")]
    [InlineData("parzen_mv=True")]
    public void Kernels_have_the_same_weights_means_and_deviations(string name)
    {
        var kernels = new NormalKernels([.. Observed.Select(X.ToUnit)]);
        Same(Golden[name]!["mu_x"]!, kernels.Means.Select(m => X.From + (20 * m)));
        Same(Golden[name]!["sigma_x"]!, kernels.Deviations.Select(d => 20 * d));
        Same(Golden[name]!["weights"]!, TrialWeights.WithPrior(5, 1));
    }

    [Fact]
    public void Whole_numbers_have_the_same_deviations()
    {
        // Of numbers from 1 to 10 these have the golden gaps.
        var n = new Integer(1, 10);
        var kernels = new NormalKernels([.. ((double[])[1, 3, 6, 9, 5]).Select(n.ToUnit)]);
        Same(Golden["parzen_mv=True"]!["sigma_n"]!, kernels.Deviations.Select(d => 10 * d));
    }

    [Fact]
    public void Logarithmic_ranges_have_the_same_deviations()
    {
        var rate = new LogUniform(1e-6, 1);
        var kernels = new NormalKernels([.. ((double[])[1e-6, 2e-6, 0.01, 4e-6, 2e-4]).Select(rate.ToUnit)]);
        Same(Golden["parzen_mv=True"]!["sigma_lr"]!, kernels.Deviations.Select(d => Math.Log(1e6) * d));
    }

    [Fact]
    public void Options_have_the_same_probabilities()
    {
        var axis = new ChoiceAxis(Choice.Of("a", "b", "c"), [0, 2, 1, 2, 2], 1);
        var expected = Golden["parzen_mv=True"]!["cat_w"]!.AsArray();
        for (int kernel = 0; kernel < expected.Count; kernel++)
        {
            Same(expected[kernel]!, Enumerable.Range(0, 3).Select(option => axis.Probability(kernel, option)));
        }
    }

    [Theory]
    [InlineData("parzen_x_only_mv=False_logpdf")]
    [InlineData("parzen_x_only_mv=True_logpdf")]
    public void The_log_density_is_the_same(string name)
    {
        var density = new ParzenEstimator([X], [.. Observed.Select(x => new[] { X.ToUnit(x) })], priorWeight: 1);

        // Ours is per position, Optuna's per unit of x.
        Same(Golden[name]!, ((double[])[-9, 0, 2]).Select(x => density.LogDensity([x]) - Math.Log(20)));
    }

    [Fact]
    public void A_joint_density_is_the_mixture_of_products_of_the_golden_kernels()
    {
        var (golden, n, choice) = (Golden["parzen_mv=True"]!, new Integer(1, 10), Choice.Of("a", "b", "c"));
        double[] wholes = [1, 3, 6, 9, 5], options = [0, 2, 1, 2, 2];
        var density = new ParzenEstimator(
            [X, n, choice],
            [.. Observed.Select((x, i) => new[] { X.ToUnit(x), n.ToUnit(wholes[i]), options[i] })],
            priorWeight: 1);
        foreach (var (x, whole, option) in ((double, double, int)[])[(-9, 1, 0), (0, 4, 1), (2, 10, 2)])
        {
            double sum = 0;
            for (int i = 0; i < 6; i++)
            {
                Normal onX = new((double)golden["mu_x"]![i]!, (double)golden["sigma_x"]![i]!),
                    onN = new(i < 5 ? wholes[i] : 5.5, (double)golden["sigma_n"]![i]!);
                sum += (double)golden["weights"]![i]! * (double)golden["cat_w"]![i]![option]! * onX.Density(x)
                    / (onX.CumulativeDistribution(10) - onX.CumulativeDistribution(-10))
                    * (onN.CumulativeDistribution(whole + 0.5) - onN.CumulativeDistribution(whole - 0.5))
                    / (onN.CumulativeDistribution(10.5) - onN.CumulativeDistribution(0.5));
            }

            Assert.Equal(Math.Log(sum), density.LogDensity([x, whole, option]) - Math.Log(20), 1e-9);
        }
    }

    [Fact]
    public void As_many_trials_are_good()
    {
        foreach (var (trials, good) in Golden["gamma"]!.AsObject())
        {
            Assert.Equal((int)good!, BestShare.Of(int.Parse(trials)));
        }
    }

    [Fact]
    public void Thirty_trials_weigh_the_same() => Same(Golden["weights_30"]!, TrialWeights.Of(30));

    private static void Same(JsonNode expected, IEnumerable<double> actual)
    {
        var values = expected.AsArray().Select(v => (double)v!).ToList();
        var others = actual.ToList();
        Assert.Equal(values.Count, others.Count);
        Assert.All(values.Zip(others), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }
}

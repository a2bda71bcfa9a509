using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.GaussianProcess;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>The parts of the Gaussian process against closed forms and values of high precision.</summary>
public sealed class GaussianProcessTests
{
    private static readonly bool[] Number = [false];

    [Fact]
    public void Kernel_and_slope_are_matern()
    {
        Assert.Equal(1, KernelParameters.Correlation(0));
        Assert.Equal((1 + Math.Sqrt(5) + (5.0 / 3)) * Math.Exp(-Math.Sqrt(5)), KernelParameters.Correlation(1), 14);
        foreach (double squared in new[] { 0.01, 0.3, 2, 9 })
        {
            const double h = 1e-5;
            Assert.Equal(
                (KernelParameters.Correlation(squared + h) - KernelParameters.Correlation(squared - h)) / (2 * h),
                KernelParameters.Slope(squared),
                8);
        }

        var kernel = new KernelParameters([4, 0.5], 1, 0);
        Assert.Equal((4 * 0.09) + 0.5, kernel.Squared([0.1, 2], [0.4, 0], [false, true]), 14);
    }

    [Fact]
    public void Posterior_of_one_observation_is_the_closed_form()
    {
        var kernel = new KernelParameters([2], 1.7, 0.3);
        var posterior = new Posterior([[0.2]], [0.9], Number, kernel);
        double covariance = 1.7 * KernelParameters.Correlation(2 * 0.25);
        var (mean, deviation, known) = posterior.At([0.7]);
        Assert.Equal(covariance / 2 * 0.9, mean, 14);
        Assert.Equal(Math.Sqrt(1.7 - (covariance * covariance / 2)), deviation, 14);
        Assert.False(known);
        Assert.True(posterior.At([0.2]).Known);
    }

    [Fact]
    public void Posterior_of_two_observations_is_the_closed_form()
    {
        var posterior = new Posterior([[0.1], [0.6]], [1.5, -0.5], Number, new([3], 1.2, 0.1));
        double a = 1.3, b = 1.2 * KernelParameters.Correlation(3 * 0.25), determinant = (a * a) - (b * b);
        double k0 = 1.2 * KernelParameters.Correlation(3 * 0.04), k1 = 1.2 * KernelParameters.Correlation(3 * 0.09);

        // The inverse of [[a, b], [b, a]] is [[a, -b], [-b, a]] over the determinant.
        var (mean, deviation, _) = posterior.At([0.3]);
        Assert.Equal(((k0 * ((a * 1.5) + (b * 0.5))) + (k1 * ((-b * 1.5) - (a * 0.5)))) / determinant, mean, 13);
        Assert.Equal(Math.Sqrt(1.2 - (((a * k0 * k0) - (2 * b * k0 * k1) + (a * k1 * k1)) / determinant)), deviation, 13);
    }

    [Fact]
    public void Likelihood_of_one_observation_is_the_closed_form()
    {
        double[] logs = [Math.Log(2), Math.Log(0.8), Math.Log(0.05)];
        double variance = 0.8 + 0.05 + KernelFit.LeastNoise;
        double likelihood = -0.5 * ((0.49 / variance) + Math.Log(2 * Math.PI * variance));
        double priors = (-0.1 * (0.5 + 2)) + Math.Log(0.8) - 0.8 + (0.1 * Math.Log(0.05)) - (30 * 0.05);
        Assert.Equal(likelihood + priors, new KernelFit([[0.4]], [0.7], Number).LogPosterior(logs).Value, 12);
    }

    [Fact]
    public void Gradient_of_the_likelihood_is_that_of_central_differences()
    {
        var random = new TrialRandom(3, 0, "points");
        double[][] points = [.. Enumerable.Range(0, 12).Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.Next(3) })];
        double[] values = [.. points.Select(_ => random.NextGaussian())];
        var fit = new KernelFit(points, values, [false, false, true]);
        foreach (double[] logs in new double[][] { [0, 0, 0, 0, -3], [2, -1, 0.5, -1, -5], [-2, 3, 1, 1, -1] })
        {
            double[] gradient = fit.LogPosterior(logs).Gradient;
            for (int i = 0; i < logs.Length; i++)
            {
                const double h = 1e-5;
                double[] above = [.. logs], below = [.. logs];
                above[i] += h;
                below[i] -= h;
                Assert.Equal(
                    (fit.LogPosterior(above).Value - fit.LogPosterior(below).Value) / (2 * h),
                    gradient[i],
                    1e-5 * (1 + Math.Abs(gradient[i])));
            }
        }
    }

    [Fact]
    public void The_fit_tells_which_coordinate_matters_and_is_likelier_than_its_neighbours()
    {
        var random = new TrialRandom(1, 0, "points");
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[] values = [.. points.Select(p => Math.Sin(9 * p[0]))];
        bool[] isChoice = [false, false];
        var kernel = KernelFit.Fit(points, values, isChoice);
        Assert.True(kernel.InverseSquares[0] > 20 * kernel.InverseSquares[1]);
        Assert.True(kernel.Noise < 1e-2);
        var fit = new KernelFit(points, values, isChoice);
        double[] logs = kernel.ToLogs();
        double best = fit.LogPosterior(logs).Value;
        for (int i = 0; i < logs.Length; i++)
        {
            foreach (double move in new[] { -0.7, 0.7 })
            {
                double[] moved = [.. logs];
                moved[i] += move;
                Assert.True(fit.LogPosterior(moved).Value < best);
            }
        }
    }

    [Fact]
    public void Factor_solves_and_inverts_and_refuses_what_is_not_positive_definite()
    {
        // [[4, 2, 0], [2, 5, 3], [0, 3, 6]] = L Lᵀ; its determinant is 60.
        double[][] lower = [[4], [2, 5], [0, 3, 6]];
        var factor = CholeskyFactor.Of([.. lower.Select(r => r.ToArray())])!;
        Assert.Equal(Math.Log(60), factor.LogDeterminant, 13);
        Assert.Equal([1, -2, 3], factor.Solve([0, 1, 12]).Select(x => Math.Round(x, 12)));
        double[][] inverse = factor.Inverse();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double product = Enumerable.Range(0, 3)
                    .Sum(k => lower[Math.Max(i, k)][Math.Min(i, k)] * inverse[Math.Max(k, j)][Math.Min(k, j)]);
                Assert.Equal(i == j ? 1 : 0, product, 13);
            }
        }

        Assert.Null(CholeskyFactor.Of([[1], [2, 3]]));
    }

    // With 400 digits: log(φ(z) + z Φ(z)).
    [Theory]
    [InlineData(8, 2.0794415416798357)]
    [InlineData(3, 1.0987396653277077)]
    [InlineData(1, 0.08002621884930694)]
    [InlineData(0, -0.9189385332046728)]
    [InlineData(-0.5, -1.6205162643873199)]
    [InlineData(-0.999, -2.4832171154475855)]
    [InlineData(-1, -2.4851210257126413)]
    [InlineData(-1.001, -2.4870256579553893)]
    [InlineData(-1.5, -3.52993592080571)]
    [InlineData(-3, -7.869686059603029)]
    [InlineData(-8, -37.12236426169263)]
    [InlineData(-20, -206.9178385094251)]
    [InlineData(-40, -808.29856835662)]
    [InlineData(-100, -5010.12957880025)]
    [InlineData(-1e4, -50000019.33961931)]
    [InlineData(-1e8, -5000000000000038.0)]
    public void Log_expected_improvement_of_the_unit_normal(double z, double expected) => Assert.InRange(
        ExpectedImprovement.LogUnit(z),
        expected - (4e-14 * (1 + Math.Abs(expected))),
        expected + (4e-14 * (1 + Math.Abs(expected))));

    [Fact]
    public void Log_expected_improvement_scales_with_the_deviation() =>
        Assert.Equal(ExpectedImprovement.LogUnit(-0.25) + Math.Log(4), ExpectedImprovement.Log(2, 3, 4), 14);

    [Fact]
    public void Observations_count_by_their_state()
    {
        TrialRecord Trial(int number, TrialState state, double? value, double violation = 0) => new()
        {
            Number = number,
            State = state,
            Values = value is { } v ? [v] : [],
            Constraints = [violation],
        };
        var trials = new[]
        {
            Trial(0, TrialState.Complete, 1),
            Trial(1, TrialState.Complete, 2),
            Trial(2, TrialState.Complete, 3),
            Trial(3, TrialState.Complete, 5),
            Trial(4, TrialState.Complete, double.PositiveInfinity),
            Trial(5, TrialState.Complete, double.NegativeInfinity),
            Trial(6, TrialState.Failed, null),
            Trial(7, TrialState.Pruned, 0.5),
            Trial(8, TrialState.Pruned, 4),
            Trial(9, TrialState.Complete, 0.1, violation: 1),
            Trial(10, TrialState.Pruned, null),
        };
        double[] losses = Observed.Of([.. trials.Select(t => (t, new[] { 0.0 }))], Goal.Minimize, 100).Losses;

        // Of equals equal, in the order of value; pruned with 0.5: the median, 3; failed, infeasible and
        // infinite: the worst, 5.
        Assert.Equal([0, 5, 1, 2, 7, 8, 3, 4, 6, 9, 10], Enumerable.Range(0, 11).OrderBy(i => losses[i]).ThenBy(i => i));
        Assert.Equal(losses[0], losses[5]);
        Assert.Equal(losses[2], losses[7]);
        Assert.Single(new[] { 3, 4, 6, 9, 10 }.Select(i => losses[i]).Distinct());
        Assert.Equal(0, losses.Average(), 12);
        Assert.Equal(1, losses.Average(l => l * l), 12);
        Assert.DoesNotContain([trials[6], trials[9]], t => Observed.IsUsable(t, Goal.Minimize));
    }

    [Fact]
    public void Of_too_many_observations_the_better_and_the_latest_are_kept()
    {
        var trials = Enumerable.Range(0, 20)
            .Select(
                i => (
                    new TrialRecord
                    {
                        Number = i,
                        State = TrialState.Complete,
                        Values = [i],
                    },
                    new[] { (double)i }))
            .ToList();
        Assert.Equal([0, 1, 2, 17, 18, 19], Observed.Of(trials, Goal.Minimize, 6).Points.Select(p => p[0]));
        Assert.Equal([14, 15, 16, 17, 18, 19], Observed.Of(trials, Goal.Maximize, 6).Points.Select(p => p[0]));
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(double.PositiveInfinity)]
    public void Values_whose_squares_overflow_count_as_infinite(double penalty)
    {
        var trials = Enumerable.Range(0, 20)
            .Select(i => (
                new TrialRecord
                {
                    Number = i,
                    State = TrialState.Complete,
                    Values = [i < 12 ? penalty : i],
                },
                new[] { (double)i }))
            .ToList();
        double[] losses = Observed.Of(trials, Goal.Minimize, 100).Losses;
        Assert.All(losses, l => Assert.True(double.IsFinite(l)));
        Assert.Equal(losses[penalty < 0 ? 12 : 19], losses[0]);
        Assert.True(losses[15] - losses[13] > 0.2, string.Join(' ', losses));
    }

    [Fact]
    public void Huge_losses_do_not_flatten_the_good_ones()
    {
        var trials = new[] { 1, 2, 3, 4, 5, 1e6, 1e9, 1e300 }
            .Select((v, i) => (
                new TrialRecord
                {
                    Number = i,
                    State = TrialState.Complete,
                    Values = [v],
                },
                new[] { (double)i }))
            .ToList();
        double[] losses = Observed.Of(trials, Goal.Minimize, 100).Losses;
        Assert.Equal(losses.Order(), losses);
        Assert.True(losses[1] - losses[0] > 0.2);
        Assert.True(losses[^1] < 3);
    }
}

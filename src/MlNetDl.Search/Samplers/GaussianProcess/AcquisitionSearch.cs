using MlNetDl.Search.Samplers.QuasiRandom;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>Looks for the point with the largest expected improvement, times the probability of success: scrambled
/// Sobol points and neighbours of the best observations, then direct search (Hooke and Jeeves 1961) from the best of
/// them.</summary>
/// <param name="axes">The coordinates.</param>
/// <param name="posterior">What is known of losses.</param>
/// <param name="scale">The best loss so far in the units of a position's branch, and that unit.</param>
internal sealed class AcquisitionSearch(SpaceAxes axes, Posterior posterior, Func<double[], (double Best, double Unit)> scale)
{
    private const int SobolPoints = 512, Incumbents = 5, NeighboursEach = 20, Descents = 4, MaxRounds = 40;
    private const double FirstStep = 0.1, LastStep = 1e-3;

    private bool repeats;

    /// <summary>The probability of success; <see langword="null"/> where it is the same everywhere.</summary>
    public Feasibility? Feasibility { get; init; }

    /// <summary>Points of failed trials that the posterior does not know.</summary>
    public IReadOnlyList<double[]> Failed { get; init; } = [];

    /// <summary>Coordinates that are given, and <see langword="null"/> for the others; none by default.</summary>
    public IReadOnlyList<double?> Held { get; init; } = new double?[axes.Count];

    /// <summary>The point; <see langword="null"/> when all have been observed and none may be again.</summary>
    /// <param name="random">The generator that draws candidates.</param>
    /// <param name="incumbents">Observed points, the best first.</param>
    /// <param name="mayRepeat">Whether the model says which observed point is worth another look, when there
    /// is no other.</param>
    public double[]? Search(TrialRandom random, IReadOnlyList<double[]> incumbents, bool mayRepeat)
    {
        var candidates = Candidates(random, incumbents).Select(Allowed).ToList();
        var found = From(candidates);
        if (double.IsNegativeInfinity(found.Value) && mayRepeat)
        {
            repeats = true;
            found = From(candidates);
        }

        return double.IsNegativeInfinity(found.Value) ? null : found.Point;
    }

    private double[] Allowed(double[] point)
    {
        double[] held = Held.All(h => h is null) ? point : [.. point.Select((p, d) => Held[d] ?? p)];
        double[] settled = axes.Settled(held), within = axes.Within(settled, Held);
        return ReferenceEquals(within, settled) ? settled : axes.Settled(within);
    }

    private (double[] Point, double Value) From(IReadOnlyList<double[]> candidates) =>
        candidates.Select(p => (Point: p, Value: Value(p)))
            .OrderByDescending(c => c.Value)
            .Take(Descents).ToList()
            .ConvertAll(c => Ascend(c.Point, c.Value))
            .MaxBy(c => c.Value);

    /// <summary>Log expected improvement and probability of success; none where a trial would be a
    /// repetition.</summary>
    private double Value(double[] point)
    {
        var (mean, deviation, known) = posterior.At(point);
        var (best, unit) = scale(point);
        return !repeats && (known || Failed.Any(f => f.AsSpan().SequenceEqual(point)))
            ? double.NegativeInfinity
            : ExpectedImprovement.Log(best, mean, deviation) + Math.Log(unit) + (Feasibility?.LogAt(point) ?? 0);
    }

    private IEnumerable<double[]> Candidates(TrialRandom random, IReadOnlyList<double[]> incumbents)
    {
        ulong[] keys = [.. Enumerable.Range(0, axes.Count).Select(_ => random.NextBits())];
        for (uint i = 0; i < SobolPoints; i++)
        {
            yield return [.. keys.Select(
                (key, d) => axes.FromUnit(d, d < Sobol.Dimensions ? Sobol.Scrambled(i, d, key) : random.NextDouble()))];
        }

        foreach (double[] incumbent in incumbents.Take(Incumbents))
        {
            for (int i = 0; i < NeighboursEach; i++)
            {
                // Deviations from a third to a thousandth of the range; options change now and then.
                double deviation = Math.Pow(10, -0.5 - (2.5 * random.NextDouble()));
                yield return [.. incumbent.Select((p, d) => axes.IsChoice[d]
                    ? random.NextDouble() < 0.2 ? axes.FromUnit(d, random.NextDouble()) : p
                    : axes.FromUnit(d, p + (deviation * random.NextGaussian())))];
            }
        }
    }

    private (double[] Point, double Value) Ascend(double[] point, double value)
    {
        double step = FirstStep;
        for (int round = 0; round < MaxRounds && step >= LastStep; round++)
        {
            double[] before = point;
            double was = value;
            (point, value) = Explore(point, value, step);
            if (value > was)
            {
                // The pattern move: as far again in the same direction.
                double[] further = Allowed([.. point.Select((p, d) => axes.IsChoice[d] ? p : axes.FromUnit(d, p + (p - before[d])))]);
                double ahead = Value(further);
                (point, value) = ahead > value ? (further, ahead) : (point, value);
            }
            else
            {
                step /= 3;
            }
        }

        return (point, value);
    }

    private (double[] Point, double Value) Explore(double[] point, double value, double step)
    {
        for (int d = 0; d < axes.Count; d++)
        {
            if (Held[d] is not null || !axes.Exists(d, point))
            {
                continue;
            }

            foreach (double neighbour in axes.Neighbours(d, point[d], step))
            {
                double[] moved = [.. point];
                moved[d] = neighbour;
                moved = Allowed(moved);
                double there = Value(moved);
                if (there > value)
                {
                    (point, value) = (moved, there);
                    break;
                }
            }
        }

        return (point, value);
    }
}

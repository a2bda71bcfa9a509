using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

/// <summary>Trials made by hand.</summary>
internal static class Made
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TrialRecord Trial(
        int number, double value, params (string Name, Distribution Distribution, double Number)[] parameters) =>
        Trial(number, [value], parameters);

    public static TrialRecord Trial(
        int number, double[] values, params (string Name, Distribution Distribution, double Number)[] parameters) =>
        new()
        {
            Number = number,
            State = TrialState.Complete,
            Values = values,
            Attempt = 1,
            Worker = "worker",
            Started = Noon.AddSeconds(number),
            Finished = Noon.AddSeconds(number + 2),
            Numbers = parameters.ToDictionary(p => p.Name, p => p.Number),
            Distributions = parameters.ToDictionary(p => p.Name, p => p.Distribution),
        };

    /// <summary>A study of values without parameters.</summary>
    public static History Values(params double[] values) => History.Of([.. values.Select((v, i) => Trial(i, v))]);

    /// <summary>A study of a function on evenly spread random points.</summary>
    public static History Function(
        int trials, Distribution[] space, Func<double[], double> function, int seed = 1, Goal goal = Goal.Minimize)
    {
        var random = new Random(seed);
        return History.Of([.. Enumerable.Range(0, trials).Select(i =>
        {
            double[] numbers = [.. space.Select(d => d.FromUnit(random.NextDouble()))];
            return Trial(i, function(numbers), [.. space.Select((d, j) => ($"x{j}", d, numbers[j]))]);
        })], [goal]);
    }

    /// <summary>One of each kind: two complete (one infeasible), one pruned, one failed, one running, one waiting, one
    /// with an infinite value.</summary>
    public static History Mixed()
    {
        Distribution rate = new LogUniform(1e-4, 1),
            layer = Choice.Of("small", "a <script>alert(1)</script> option & more"),
            width = new Integer(1, 5);
        return History.Of(
        [
            Trial(0, 3, ("rate", rate, 0.01), ("layer", layer, 0), ("width", width, 2)) with
            {
                Reports = [new(0, 5), new(1, double.NaN), new(2, 3)],
            },
            Trial(1, 1, ("rate", rate, 0.1), ("layer", layer, 1)) with { Constraints = [0.5], Reports = [new(0, 4), new(2, 1)] },
            Trial(2, 9, ("rate", rate, 1), ("layer", layer, 0), ("width", width, 5)) with
            {
                State = TrialState.Pruned,
                Reports = [new(0, 9)],
            },
            Trial(3, [], ("rate", rate, 0.5)) with
            {
                State = TrialState.Failed,
                Error = "died in <script>alert(1)</script>, \"so\"\nit says \u0001",
            },
            Trial(4, 2, ("rate", rate, 0.001), ("layer", layer, 1)) with { Constraints = [0] },
            Trial(5, double.PositiveInfinity, ("rate", rate, 0.0001), ("layer", layer, 0), ("width", width, 1)),
            Trial(6, [], ("rate", rate, 0.02)) with { State = TrialState.Running, Finished = null },
            Trial(7, []) with
            {
                State = TrialState.Waiting,
                Attempt = 0,
                Worker = null,
                Started = null,
                Finished = null,
            },
        ], studyName: "mixed <script>alert(1)</script>");
    }
}

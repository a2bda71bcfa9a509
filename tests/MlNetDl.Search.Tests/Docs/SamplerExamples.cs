using System.Collections.Concurrent;
using MlNetDl.Metrics;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Docs;

/// <summary>The examples in the documentation of samplers, but for their last line; ComponentExamplesTests compares and runs them.</summary>
internal static class SamplerExamples
{
    public static IReadOnlyList<TrialRecord> RandomSamplerExample()
    {
        using var study = Study.InMemory("random", sampler: new RandomSampler { Seed = 1 });
        study.Optimize(trial => Math.Pow(trial.Uniform("x", -10, 10) - 3, 2), trials: 100);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> TpeSamplerExample()
    {
        using var study = Study.InMemory("tpe", sampler: new TpeSampler { Seed = 1, StartUpTrials = 20 });
        study.Optimize(
            trial => trial.Choice("kind", "line", "parabola") == "line"
                ? trial.Uniform("height", 1, 2)
                : Math.Pow(Math.Log10(trial.LogUniform("rate", 1e-5, 1)) + 2, 2),
            trials: 100);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> GridSamplerExample()
    {
        var grid = new GridSampler { Points = 3 };
        var space = SearchSpace.Of(("width", Choice.Of(32, 64, 128)), ("dropout", new Uniform(0, 0.5)));
        using var study = Study.InMemory("grid", sampler: grid, space: space);
        study.Optimize(trial => trial.Uniform("dropout", 0, 0.5) / trial.Choice("width", 32, 64, 128), trials: grid.Size(space)); // 3 · 3
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> QuasiRandomSamplerExample()
    {
        using var study = Study.InMemory("sobol", sampler: new QuasiRandomSampler { Seed = 1 });
        study.Optimize(trial => Math.Abs(trial.Uniform("x", 0, 1) - trial.Uniform("y", 0, 1)), trials: 64); // a power of two
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> CmaEsSamplerExample()
    {
        using var study = Study.InMemory("cma", sampler: new CmaEsSampler { Seed = 1 });
        study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", -2, 2), y = trial.Uniform("y", -1, 3);
                return (100 * Math.Pow(y - (x * x), 2)) + Math.Pow(1 - x, 2); // Rosenbrock's valley
            },
            trials: 300);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> Nsga2SamplerExample()
    {
        var options = new StudyOptions { Goals = [Goal.Minimize, Goal.Maximize], Sampler = new Nsga2Sampler { Seed = 1, PopulationSize = 20 } };
        using var study = Study.InMemory("cost and accuracy", options);
        study.Optimize(
            trial =>
            {
                int width = trial.Integer("width", 8, 512, log: true);
                double rate = trial.LogUniform("rate", 1e-4, 1);
                return [width, 1 - (1.0 / width) - Math.Pow(Math.Log10(rate) + 2, 2)];
            },
            trials: 200);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> GaussianProcessSamplerExample()
    {
        using var study = Study.InMemory("gp", sampler: new GaussianProcessSampler { Seed = 1, StartUpTrials = 8 });
        study.Optimize(trial => Math.Pow(trial.Uniform("x", -10, 10) - 3, 2) + Math.Pow(trial.Uniform("y", -10, 10), 2), trials: 30);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> PopulationBasedSamplerExample()
    {
        var sampler = new PopulationBasedSampler { Seed = 1, PopulationSize = 10 };
        var space = sampler.WithParent(SearchSpace.Of(("rateX", new Uniform(0, 1)), ("rateY", new Uniform(0, 1))));
        using var study = Study.InMemory("population", Goal.Maximize, sampler, space: space);
        var checkpoints = new ConcurrentDictionary<int, (double X, double Y)>(); // files, in a training
        study.Optimize(
            trial =>
            {
                var (x, y) = PopulationBasedSampler.ParentOf(trial.Record) is { } parent ? checkpoints[parent] : (0.9, 0.9);
                x -= 0.1 * trial.Uniform("rateX", 0, 1) * x;
                y -= 0.1 * trial.Uniform("rateY", 0, 1) * y;
                checkpoints[trial.Number] = (x, y);
                return 1.2 - (x * x) - (y * y);
            },
            trials: 200); // 20 steps of a population of 10
        return study.Trials;
    }
}

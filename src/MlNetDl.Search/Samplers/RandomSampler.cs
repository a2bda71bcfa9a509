using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Every value by its distribution, independently: the yardstick of all others (Bergstra and Bengio 2012,
/// "Random search for hyper-parameter optimization").</summary>
/// <example><code>
/// using var study = Study.InMemory("random", sampler: new RandomSampler { Seed = 1 });
/// study.Optimize(trial => Math.Pow(trial.Uniform("x", -10, 10) - 3, 2), trials: 100);
/// </code></example>
public sealed record RandomSampler : Sampler
{
    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        distribution.FromUnit(Random(trial, name).NextDouble());
}

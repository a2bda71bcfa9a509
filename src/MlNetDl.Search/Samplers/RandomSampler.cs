using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Every value by its distribution, independently: the yardstick of all others (Bergstra and Bengio 2012, "Random search for
/// hyper-parameter optimization").</summary>
public sealed record RandomSampler : Sampler
{
    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) => distribution.FromUnit(Random(trial, name).NextDouble());
}

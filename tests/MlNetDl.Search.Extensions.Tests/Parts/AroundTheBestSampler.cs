using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>A random step away from the best trial so far; random until there is one.</summary>
public sealed record AroundTheBestSampler : Sampler
{
    /// <summary>The standard deviation of a step, as a share of the range; above 0 to 1, 0.1 by default.</summary>
    [Above(0), AtMost(1)]
    public double Step { get; init; } = 0.1;

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        var random = Random(trial, name);
        var best = history.Finished
            .Where(t => t is { State: TrialState.Complete, IsFeasible: true, Values.Count: > 0 }
                && t.Numbers.ContainsKey(name))
            .MinBy(t => (history.Goals[0].Loss(t.Value), t.Number));
        return distribution.FromUnit(best is null || distribution is Choice
            ? random.NextDouble()
            : Math.Clamp(distribution.ToUnit(best.Numbers[name]) + (Step * random.NextGaussian()), 0, 1));
    }
}

using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Samplers;

namespace MlNetDl.Experiments.Tests.Search.Samplers;

/// <summary>A trial that is pruned before it has parameters hides those of the others from no sampler.</summary>
public sealed class EarlyPruningTests
{
    public static TheoryData<Sampler> Samplers => new(new CmaEsSampler { StartUpTrials = 5 }, new GaussianProcessSampler { StartUpTrials = 5 }, new TpeSampler());

    [Theory]
    [MemberData(nameof(Samplers))]
    public void The_search_goes_on_as_without_it(Sampler sampler)
    {
        // Random search comes this near to the optimum of four parameters once in some thousand trials.
        using var study = Study.InMemory("early", sampler: sampler);
        study.Optimize(
            t => t.Number == 3 ? throw new TrialPrunedException() : Enumerable.Range(0, 4).Sum(i => Math.Pow(t.Uniform($"x{i}", 0, 1) - 0.3, 2)),
            trials: 60);
        Assert.Equal((TrialState.Pruned, 0), (study.Trials[3].State, study.Trials[3].Numbers.Count));
        Assert.Equal(["x0", "x1", "x2", "x3"], study.History.Common.Keys.Order());
        Assert.True(study.Best!.Value < 0.02, $"{study.Best}");
    }
}

using MlNetDl.Search.Extensions.Tests.Parts;

namespace MlNetDl.Search.Extensions.Tests;

/// <summary>A sampler of one's own.</summary>
public sealed class SamplerTests
{
    private static readonly IReadOnlyList<ContractFact> Contract = SamplerContract.Of(() => new AroundTheBestSampler());

    public static TheoryData<string> Facts => [.. Contract.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Facts))]
    public void It_keeps_the_contract(string fact) => Contract.Named(fact).Run();

    [Fact]
    public void It_comes_near_the_best()
    {
        using var study = Study.InMemory("parabola", sampler: new AroundTheBestSampler { Seed = 1 });
        study.Optimize(trial => Math.Pow(trial.Uniform("x", -10, 10) - 3, 2), trials: 60);
        Assert.InRange(study.Best!.Value, 0, 0.01);
    }
}

using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>A sampler that cannot search a study says so once, instead of failing every trial.</summary>
public sealed class SamplerRefusalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_grid_without_a_space_ends_the_search_and_its_trials_wait(int parallel)
    {
        using var study = Study.InMemory("grid", sampler: new GridSampler());
        var e = Assert.ThrowsAny<SamplerException>(() => study.Optimize(t => t.Uniform("x", 0, 1), trials: 1000, parallel: parallel));
        Assert.Equal("a grid needs a declared space, but study 'grid' has none; give one when it is opened.", e.Message);
        Assert.InRange(study.Trials.Count, 1, parallel);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Waiting, t.State));
    }

    [Theory]
    [InlineData("cmaEs")]
    [InlineData("gaussianProcess")]
    public void Samplers_of_one_objective_end_a_search_for_two(string name)
    {
        var options = new StudyOptions
        {
            Goals = [Goal.Minimize, Goal.Maximize],
            Sampler = (Sampler)Activator.CreateInstance(SearchCatalogs.Samplers.Find(name).Type)!,
        };
        using var study = Study.InMemory("two", options);
        Assert.Throws<SamplerException>(() => study.Optimize(t => (IReadOnlyList<double>)[t.Uniform("x", 0, 1), 1], trials: 1000));
        Assert.Equal(TrialState.Waiting, Assert.Single(study.Trials).State);

        // Another sampler goes on where this one could not.
        using var other = Study.Open(study.Store, "two", options with { Sampler = new RandomSampler() });
        other.Optimize(t => (IReadOnlyList<double>)[t.Uniform("x", 0, 1), 1], trials: 3);
        Assert.All(other.Trials, t => Assert.Equal(TrialState.Complete, t.State));
    }

    [Fact]
    public void An_objective_that_hides_the_refusal_does_not_go_on_either()
    {
        using var study = Study.InMemory("hidden", sampler: new GridSampler());
        Assert.Throws<AggregateException>(() => study.Optimize(
            t =>
            {
                try
                {
                    return t.Uniform("x", 0, 1);
                }
                catch (StudyException e)
                {
                    throw new AggregateException(e);
                }
            },
            trials: 1000));
        Assert.Equal(TrialState.Waiting, Assert.Single(study.Trials).State);
    }

    [Fact]
    public void A_sampler_that_proposes_what_is_no_value_ends_the_search()
    {
        using var study = Study.InMemory("outside", sampler: new Outside());
        var e = Assert.Throws<StudyException>(() => study.Optimize(t => t.Uniform("x", 0, 1), trials: 1000));
        Assert.Equal("""Outside proposed 7 for parameter 'x', which is not within {"uniform":[0,1]}.""", e.Message);
        Assert.Equal(TrialState.Waiting, Assert.Single(study.Trials).State);
    }

    [Theory]
    [InlineData("Without a declared space it proposes, or refuses with a SamplerException")]
    [InlineData("It searches several objectives, or refuses with a SamplerException")]
    public void To_propose_what_is_no_value_is_no_refusal(string fact) =>
        Assert.IsAssignableFrom<StudyException>(
            Assert.Throws<ContractException>(SamplerContract.Of(() => new Outside()).Named(fact).Run).InnerException);

    private sealed record Outside : Sampler
    {
        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) => 7;
    }
}

using MlNetDl.Search.Analysis;
using MlNetDl.Search.Extensions.Tests.Parts;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Extensions.Tests;

/// <summary>A measure of importance of one's own, drawn like those of the library.</summary>
public sealed class ImportanceTests
{
    [Fact]
    public void It_ranks_parameters_and_is_drawn()
    {
        using var study = Study.InMemory("line", sampler: new RandomSampler { Seed = 1 });
        study.Optimize(trial => (10 * trial.Uniform("steep", 0, 1)) + trial.Uniform("flat", 0, 1), trials: 40);
        var found = new CorrelationImportance().Evaluate(study.History);
        Assert.Equal(["steep", "flat"], found.Importances.Select(i => i.Parameter));
        Assert.Equal(1, found.Importances.Sum(i => i.Importance), 12);
        Assert.Contains("steep", found.ToSvg(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelationImportance().Evaluate(study.History, 1));
    }

    [Fact]
    public void It_says_that_the_trials_do_not_tell()
    {
        using var study = Study.InMemory("flat", sampler: new RandomSampler { Seed = 1 });
        study.Optimize(trial => 0 * trial.Uniform("x", 0, 1), trials: 5);
        var found = new CorrelationImportance().Evaluate(study.History);
        Assert.Equal(0, Assert.Single(found.Importances).Importance);
        Assert.Contains("do not tell", Assert.Single(found.Notes), StringComparison.Ordinal);
    }
}

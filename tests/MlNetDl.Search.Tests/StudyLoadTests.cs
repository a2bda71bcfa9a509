using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

/// <summary>A study that is there is opened by its name alone.</summary>
public sealed class StudyLoadTests
{
    private static readonly StudyOptions Options = new()
    {
        Goals = [Goal.Maximize, Goal.Minimize],
        Space = SearchSpace.Of(("x", new Uniform(0, 1))),
        Sampler = new RandomSampler(),
    };

    private static IReadOnlyList<double> Objective(Trial trial) => [trial.Record.Numbers["x"], 1];

    [Fact]
    public void A_study_in_a_file_is_loaded_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        using (var study = Study.Open(folder["study.db"], "two", Options))
        {
            study.Optimize(Objective, trials: 3);
        }

        using var loaded = Study.Load(folder["study.db"], "two", new() { Sampler = new RandomSampler() });
        Assert.Equal((Options.Goals, Options.Space, 3), (loaded.Options.Goals, loaded.History.Space, loaded.Trials.Count));
        loaded.Optimize(Objective, trials: 5);
        using var other = Study.InMemory("two", Options);
        other.Optimize(Objective, trials: 5);
        Assert.Equal(other.Trials.Select(t => t.Numbers["x"]), loaded.Trials.Select(t => t.Numbers["x"]));
    }

    [Fact]
    public void A_study_in_a_store_is_loaded()
    {
        using var store = new MemoryStore();
        using var study = Study.Open(store, "two", Options);
        using var loaded = Study.Load(store, "two");
        Assert.Equal(Options.Space, loaded.Options.Space);
        Assert.Equal(study.Id, loaded.Id);
    }

    [Fact]
    public void What_is_not_there_is_not_made()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "there is no study store",
            Assert.Throws<StudyStoreException>(() => Study.Load(folder["none.db"], "two")).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder["none.db"]));
        using var store = new MemoryStore();
        Assert.Equal("the store has no study 'two'; it has none.", Assert.Throws<StudyException>(() => Study.Load(store, "two")).Message);
        using var one = Study.Open(store, "one");
        Assert.Equal("the store has no study 'two'; it has 'one'.", Assert.Throws<StudyException>(() => Study.Load(store, "two")).Message);
        Assert.Single(store.Studies());
    }
}

using MlNetDl.Metrics;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests;

/// <summary>What a trial's parameters were proposed by.</summary>
public sealed class StudyProposalTests
{
    private static SearchSpace Space { get; } = SearchSpace.Of(("x", new Uniform(0, 1)), ("y", Choice.Of(1, 2, 3)));

    public static TheoryData<Sampler, string[]> Samplers => new()
    {
        { new RandomSampler(), ["random", "random", "random", "random"] },
        { new GridSampler { Points = 2 }, ["grid", "grid", "grid", "grid"] },
        { new QuasiRandomSampler(), ["quasiRandom", "quasiRandom", "quasiRandom", "quasiRandom"] },
        { new TpeSampler { StartUpTrials = 2 }, ["random", "random", "tpe", "tpe"] },
        { new TpeSampler { StartUpTrials = 2, Multivariate = false }, ["random", "random", "tpe", "tpe"] },
        { new GaussianProcessSampler { StartUpTrials = 3 }, ["quasiRandom", "quasiRandom", "quasiRandom", "gaussianProcess"] },
        { new CmaEsSampler { StartUpTrials = 1 }, ["random", "cmaEs", "cmaEs", "cmaEs"] },
        { new Nsga2Sampler { PopulationSize = 2 }, ["random", "random", "nsga2", "nsga2"] },
    };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_sampler_says_what_came_from_its_model_and_what_from_its_start(Sampler sampler, string[] expected)
    {
        using var study = Study.InMemory("said", new StudyOptions { Sampler = sampler, Space = Space });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: expected.Length);
        Assert.Equal(expected, study.Trials.Select(t => t.Proposal));
        if (sampler is not GridSampler)
        {
            using var free = Study.InMemory("said", sampler: sampler);
            free.Optimize(t => t.Uniform("x", 0, 1) + t.Choice("y", 1, 2, 3), trials: expected.Length);
            Assert.Equal(expected, free.Trials.Select(t => t.Proposal));
        }
    }

    [Fact]
    public void A_space_of_options_alone_is_random_to_CMA_ES()
    {
        using var study = Study.InMemory(
            "options", new StudyOptions { Sampler = new CmaEsSampler(), Space = SearchSpace.Of(("y", Choice.Of(1, 2, 3))) });
        study.Optimize(t => t.Choice("y", 1, 2, 3), trials: 3);
        Assert.All(study.Trials, t => Assert.Equal("random", t.Proposal));
    }

    [Fact]
    public void A_population_names_the_trial_that_another_goes_on_from()
    {
        var sampler = new PopulationBasedSampler { PopulationSize = 4 };
        using var study = Study.InMemory("population", new StudyOptions { Sampler = sampler, Space = sampler.WithParent(Space) });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 12);
        foreach (var trial in study.Trials)
        {
            string expected = PopulationBasedSampler.ParentOf(trial) is not { } parent ? "random"
                : parent == trial.Number - 4 ? $"populationBased: goes on from {parent}"
                : $"populationBased: explores from {parent}";
            Assert.Equal(expected, trial.Proposal);
        }

        Assert.Equal(3, study.Trials.Select(t => t.Proposal!.Split(' ', 3)).Select(w => w.ElementAtOrDefault(1)).Distinct().Count());
    }

    [Fact]
    public void A_trial_with_given_values_is_enqueued_and_one_without_is_the_samplers()
    {
        using var study = Study.InMemory("queue", new StudyOptions { Sampler = new RandomSampler(), Space = Space });
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.5 });
        study.Enqueue(new Dictionary<string, object?>());
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        Assert.Equal([TrialRecord.Enqueued, "random"], study.Trials.Select(t => t.Proposal));
    }

    [Fact]
    public void What_was_said_first_stays_with_a_trial_that_goes_on()
    {
        using var store = new MemoryStore();
        using var study = Study.Open(store, "again", new() { Sampler = new TpeSampler { StartUpTrials = 1 }, Space = Space });
        var trial = study.Ask();
        Assert.Equal("random", trial.Record.Proposal);
        study.Tell(study.Ask(), 1);
        study.Release(trial);
        Assert.Equal(("random", 2), (study.Ask().Record.Proposal, study.Trials[0].Attempt));
    }

    [Fact]
    public void The_table_and_the_report_say_it()
    {
        using var study = Study.InMemory(
            "page", new StudyOptions { Sampler = new TpeSampler { StartUpTrials = 3 }, Space = Space, Goals = [Goal.Maximize] });
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 1.0 });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 8);
        Assert.StartsWith("proposal", TrialList.Of(study.History).ToTable().Columns[^1], StringComparison.Ordinal);
        Assert.Equal("enqueued", TrialList.Of(study.History).ToTable().Rows[0][^1]);
        var page = StudyReport.ToHtml(study);
        Assert.Contains("proposed by", page, StringComparison.Ordinal);
        var plot = OptimizationHistory.Of(study.History).ToSvg();
        Assert.All((string[])["tpe", "random", "enqueued"], n => Assert.Contains($">{n}<", plot, StringComparison.Ordinal));
        Assert.All(
            (ThemeColor[])[PlotTheme.Blue, PlotTheme.Orange, PlotTheme.Green],
            c => Assert.Contains($"p-{c.Name}", plot, StringComparison.Ordinal));
    }

    [Fact]
    public void More_kinds_than_colours_share_the_last_one()
    {
        var history = History.Of([.. Enumerable.Range(0, 12).Select(i => new TrialRecord
        {
            Number = i,
            State = TrialState.Complete,
            Values = [i],
            Proposal = i < 6 ? "a: first" : i == 11 ? null : $"{(char)('a' + i)}",
        })]);
        var plot = OptimizationHistory.Of(history).ToSvg();
        Assert.Contains(">a<", plot, StringComparison.Ordinal);
        Assert.Contains(">others<", plot, StringComparison.Ordinal);
    }
}

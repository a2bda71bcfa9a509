using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Population-based training in sweeps, with real worker processes.</summary>
public sealed partial class PopulationTests : IDisposable
{
    private const string Yaml = """
        name: population
        data: { dataset: optdigits, take: 400 }
        network: { type: mlp, hidden: [12] }
        training: { epochs: 1, batchSize: 32, validationFraction: 0.25 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-4, 1e-1] }
            network.dropout: { uniform: [0, 0.5] }
          sampler: { type: populationBased, populationSize: 3 }
          objective: { maximize: validation.accuracy }
          maxTrials: 18
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_best_has_a_lineage_and_only_what_may_be_gone_on_from_is_kept()
    {
        var result = Run("run");
        var trials = folder.Trials();
        var best = result.Search!.Best[0].Number;
        var lineage = result.Search.Lineage!;
        Assert.Equal(best, lineage[^1].Trial);
        Assert.All(lineage.Zip(lineage.Skip(1)), p => Assert.Equal(p.First.Trial, PopulationBasedSampler.ParentOf(trials[p.Second.Trial])));
        Assert.Null(PopulationBasedSampler.ParentOf(trials[lineage[0].Trial]));
        Assert.Equal(Enumerable.Range(1, lineage.Count), lineage.Select(p => p.Epochs));
        Assert.All(lineage, p => Assert.Equal(trials[p.Trial].Value, p.Values["validation.accuracy"]));
        Assert.Equal(["network.dropout", "training.optimizer.learningRate"], lineage[0].Parameters.Select(p => p.Key).Order());
        Assert.Equal(lineage.Count, result.Epochs);
        // Epochs are counted from the beginning of the lineage.
        Assert.Equal(lineage.Count, trials[best].Reports.Single().Step);

        // Of 18 trials the last four generations of three have a checkpoint, and the best has its model.
        Assert.Equal(Enumerable.Range(6, 12), With("checkpoint"));
        Assert.Equal([best], With("model.zip"));

        var said = Tool.Run("study", "status", folder["run"]).Output;
        Assert.Contains($"trained as trial {string.Join(" -> ", lineage.Select(p => p.Trial))}, {lineage.Count} epochs:", said, StringComparison.Ordinal);
        Assert.Equal(lineage.Count, Tool.Json("study", "status", folder["run"])["lineage"]!.AsArray().Count);
        Assert.Contains(
            $"Trial {string.Join(" → ", lineage.Select(p => p.Trial))}: each went on", File.ReadAllText(folder["run/study.html"]), StringComparison.Ordinal);

        // A longer search goes on from the checkpoints that are there, and deletes those that are too old by then; also what a
        // worker has left that was killed before it could tidy.
        File.WriteAllText(folder["run/trials/0001/attempt-1/checkpoint"], "left");
        Run("run", "search.maxTrials=21");
        Assert.Equal(21, folder.Trials().Count(t => t.State == TrialState.Complete));
        Assert.Equal(Enumerable.Range(9, 12), With("checkpoint"));
    }

    [Fact]
    public void After_a_trial_only_those_are_looked_at_that_have_become_too_old()
    {
        Run("run");
        using var sweep = Sweep.Open(folder["run"], "test");
        var folders = new TrialFolders(sweep);
        folders.TidyAll();
        string[] old = [folder["run/trials/0000/attempt-1/checkpoint"], folder["run/trials/0003/attempt-1/checkpoint"]];
        Array.ForEach(old, f => File.WriteAllText(f, "left"));
        folders.Tidy(sweep.Study.Trials[17]);
        Assert.All(old, f => Assert.True(File.Exists(f)));
        new TrialFolders(sweep).Tidy(sweep.Study.Trials[17]);
        Assert.All(old, f => Assert.False(File.Exists(f)));
        Assert.Equal(Enumerable.Range(6, 12), With("checkpoint"));
    }

    [Fact]
    public void The_distance_of_the_parent_is_no_parameter_of_the_search()
    {
        Run("run", "search.maxTrials=6");
        Assert.Contains("parentDistance", folder.Trials()[5].Numbers.Keys);
        Assert.DoesNotContain("parentDistance", File.ReadAllText(folder["run/study.html"]), StringComparison.OrdinalIgnoreCase);
        var trials = Tool.Json("study", "export", folder["run"])["rows"]!.AsArray();
        Assert.Equal(
            [.. folder.Trials().Select(PopulationBasedSampler.ParentOf)], trials.Select(t => (int?)t!["parent"]));
        Assert.Contains("Study of 2 parameters", File.ReadAllText(folder["run/study.html"]), StringComparison.Ordinal);
        var refused = Tool.Fails(2, "study", "enqueue", folder["run"], "parentDistance=2");
        Assert.Contains("has no parameter 'parentDistance'; it has network.dropout, training.optimizer.learningRate.", refused, StringComparison.Ordinal);
        Assert.Equal(6, folder.Trials().Count);
    }

    [Fact]
    public void Failed_trials_are_not_tried_again_generations_later()
    {
        Run("run", "search.maxTrials=6");
        var refused = Tool.Fails(1, "study", "retry-failed", folder["run"]);
        Assert.Contains("would go on from a checkpoint of later generations", refused, StringComparison.Ordinal);
        Assert.Equal(6, SweepFolder.Open(folder["run"]).Experiment.Search!.MaxTrials);
    }

    [Fact]
    public void Parts_with_constant_parameters_are_one_longer_training_bit_for_bit()
    {
        string[] constant = ["search.space={training.optimizer.learningRate: {choice: [0.01]}}", "search.maxTrials=9", "network.dropout=0.2"];
        Run("run", constant);
        var whole = folder.Load(Yaml, [.. constant, "training.epochs=3", "training.optimizer.learningRate=0.01"]) with { Search = null };
        new ExperimentRunner(folder["whole"]).Run(whole with { Training = whole.Training with { Threads = Environment.ProcessorCount } });
        var expected = File.ReadAllLines(folder["whole/metrics.jsonl"]).Select(l => (double)JsonNode.Parse(l)!["validation"]!["loss"]!).ToList();
        using var study = folder.OpenStudy();
        foreach (var trial in study.Trials)
        {
            var line = PopulationBasedSampler.Lineage(study.History, trial);
            Assert.Equal(1 + (trial.Number / 3), line.Count);
            Assert.Equal(expected[line.Count - 1], study.Store.Metrics(study.Id, trial.Number).Single(m => m.Key == "validation.loss").Value);
        }
    }

    [Fact]
    public void A_sweep_of_one_worker_is_the_same_twice_and_when_it_was_killed()
    {
        string[] longer = ["training.epochs=20", "search.maxTrials=9"];
        Run("whole", longer);
        Run("again", longer);
        Assert.Equal(folder.TrialTexts("whole"), folder.TrialTexts("again"));
        SweepProcesses.RunWithKills(folder, "torn", new Random(5), 2500, 4500, longer);
        Assert.Equal(folder.TrialTexts("whole"), folder.TrialTexts("torn"));
    }

    [Fact]
    public void The_kind_of_optimizer_and_the_batches_may_change_on_the_way()
    {
        Run("run", "training.optimizer={type: adam}", "search.sampler={type: populationBased, populationSize: 2, resampleProbability: 1}",
            "search.space={training.batchSize: {choice: [16, 32]}, training.optimizer: {choice: [{type: adam}, {type: sgd, momentum: 0.9}]}}");
        var trials = folder.Trials();
        Assert.All(trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.Contains(trials, t => PopulationBasedSampler.ParentOf(t) is { } parent
            && !Equals(t.ValueOf("training.optimizer"), trials[parent].ValueOf("training.optimizer")));
    }

    [Fact]
    public void A_parent_whose_checkpoint_was_deleted_fails_its_trial_with_the_reason()
    {
        Run("run", "search.maxTrials=6");
        foreach (var file in folder.Files("run/trials", "checkpoint"))
        {
            File.Delete(file);
        }

        Run("run", "search.maxTrials=9");
        var failed = folder.Trials().Where(t => t.State == TrialState.Failed).ToList();
        Assert.NotEmpty(failed);
        Assert.All(failed, t => Assert.Contains("to go on from is not there", t.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("network.hidden[0]", "{integer: [8, 16]}")]
    [InlineData("network", "{choice: [{type: mlp, hidden: [8]}, {type: mlp, hidden: [8, 8]}]}")]
    public void A_parameter_that_changes_the_weights_is_refused_before_the_first_trial(string name, string values)
    {
        var e = Assert.Throws<SweepRefusedException>(() => Run("run", $"search.space={{training.batchSize: {{choice: [16, 32]}}, '{name}': {values}}}"));
        Assert.Contains($"search.space.{name}: changes the weights", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run/trials"]));
    }

    [Theory]
    [InlineData("{integer: [8, 64], atLeast: 'network.hidden[0]'}", "{integer: [8, 16]}")]
    [InlineData("{integer: [16, 64]}", "{integer: [8, 64], atMost: training.batchSize}")]
    public void Of_parameters_that_bound_each_other_only_the_one_that_changes_the_weights_is_named(string batches, string hidden)
    {
        var e = Assert.Throws<SweepRefusedException>(
            () => Run("run", $"search.space={{training.batchSize: {batches}, 'network.hidden[0]': {hidden}}}"));
        Assert.Contains("search.space.network.hidden[0]: changes the weights", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("search.space.training.batchSize", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search.repeat", "search.repeat=2")]
    [InlineData("search.folds", "search.folds=2", "training.validationFraction=0")]
    [InlineData("search.final", "search.final={repeat: 1}")]
    [InlineData("search.maxTrials", "search.maxTrials=3")]
    [InlineData("search.sampler", "search.objective=[{maximize: validation.accuracy}, {minimize: bytes}]")]
    [InlineData("training.schedule", "training.schedule=cosine")]
    [InlineData("training.schedule", "training.schedule={type: constant, warmUp: 0.1}")]
    [InlineData("training.schedule", "search.space={training.schedule: {choice: [constant, cosine]}}")]
    [InlineData("training.earlyStopping", "training.earlyStopping={patience: 2}")]
    [InlineData("training.restoreBestWeights", "training.restoreBestWeights=true")]
    [InlineData("training.stages", "training.stages=[fit]")]
    [InlineData("search.space.training.epochs", "search.space={training.epochs: {integer: [1, 3]}}")]
    [InlineData("search.space.training.seed", "search.space={training.seed: {integer: [1, 3]}}")]
    [InlineData("search.space.data.take", "search.space={data.take: {choice: [100, 200]}}")]
    [InlineData("search.space.training.validationFraction", "search.space={training.validationFraction: {uniform: [0.1, 0.3]}}")]
    public void What_does_not_suit_trials_that_go_on_from_others_is_refused(string named, params string[] changes)
    {
        var e = Assert.Throws<ConfigurationException>(() => folder.Load(Yaml, changes));
        Assert.Contains($"{named} ", e.Message, StringComparison.Ordinal);
    }

    private RunResult Run(string name, params string[] overrides) => Run(name, view: null, overrides);

    private RunResult Run(string name, SweepView? view, params string[] overrides) => folder.Run(folder.Load(Yaml, overrides), name, view);

    private IEnumerable<int> With(string file) => folder.Files("run/trials", file)
        .Select(f => int.Parse(Path.GetRelativePath(folder["run/trials"], f).Split(Path.DirectorySeparatorChar)[0])).Order();
}

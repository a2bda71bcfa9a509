using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Mistakes that every trial would fail by, refused before the first one; and grids, which end.</summary>
public sealed class SweepRefusalTests : IDisposable
{
    private const string Yaml = """
        name: digits
        data: { dataset: optdigits, take: 300 }
        network: { type: mlp, hidden: [8] }
        training: { epochs: 1, batchSize: 64, validationFraction: 0.25 }
        search:
          space:
            training.optimizer.learningRate: { choice: [0.01, 0.1] }
          objective: { maximize: validation.accuracy }
          sampler: grid
          maxTrials: 12
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("training.batchSize", "{ uniform: [16, 64] }")]
    [InlineData("training.batchSize", "{ uniform: [16, 64], step: 0.5 }")]
    [InlineData("training.batchSize", "{ logUniform: [16, 64] }")]
    [InlineData("network.hidden", "{ list: { uniform: [4, 16] }, length: [1, 2] }")]
    public void A_real_range_of_a_whole_number_is_refused(string path, string range)
    {
        var e = Assert.Throws<ConfigurationException>(() => Load($"search.space={{ {path}: {range} }}"));
        Assert.Contains($"search.space.{path} allows what the experiment does not take", e.Message, StringComparison.Ordinal);
        Assert.Contains("write { integer: [FROM, TO] }", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.batchSize", "{ uniform: [16, 64], step: 16 }")]
    [InlineData("training.optimizer.learningRate", "{ uniform: [0.25, 1] }")]
    public void A_range_whose_values_all_fit_is_taken(string path, string range) =>
        Assert.Single(Load($"search.space={{ {path}: {range} }}").Search!.Space);

    [Theory]
    [InlineData()]
    [InlineData("search=null")]
    public void A_monitor_that_is_no_figure_is_refused_where_it_stands(params string[] more)
    {
        var yaml = Yaml.Replace("epochs: 1", "epochs: 1, monitor: acuracy", StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(() => folder.Load(yaml, more));
        Assert.Contains("a.yaml(4,", e.Message, StringComparison.Ordinal);
        Assert.Contains("training.monitor is 'acuracy', which is no figure of this training; did you mean 'accuracy'?", e.Message, StringComparison.Ordinal);
        Assert.Single(e.All);
    }

    [Fact]
    public void A_monitor_that_only_some_trials_have_is_refused_at_the_search()
    {
        Assert.Equal("f1", Load("training.monitor=f1", "training.metrics=[f1]").Training.Monitor);
        Load("training.monitor=f1", "search.space={ training.metrics: { choice: [[f1], [f1, logLoss]] } }");
        var e = Assert.Throws<ConfigurationException>(() => Load("search.space={ training.monitor: { choice: [loss, f1] } }"));
        Assert.Contains("search.space.training.monitor allows what the experiment does not take", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_ends_with_its_last_combination()
    {
        var view = new WatchingView();
        var run = new SweepRunner(folder["run"], SweepTestFolder.Launcher, view);
        Assert.Equal(2, run.Run(Load()).Search!.Complete);
        Assert.Contains("ended after 2 of 12 trials: the sampler has no further combination", view.Messages);
        run.Run(Load());
        Assert.True(run.WasDone);
    }

    [Fact]
    public void Each_training_of_a_trial_has_its_figures()
    {
        foreach (var objective in new[] { "{maximize: validation.accuracy}", "[{maximize: validation.accuracy}, {minimize: parameters}]" })
        {
            var name = $"run{objective.Length}";
            folder.Run(
                Load("search.repeat=2", "search.maxTrials=1", "search.constraints=[parameters <= 1e6]", $"search.objective={objective}"), name);
            var sweep = SweepFolder.Open(folder[name]);
            Assert.Contains("constraint.parameters", sweep.Trials().ToTable().Columns);
            var table = sweep.Metrics();
            Assert.Equal(2, table.Rows.Count);
            Assert.All(new[] { "seed", "train.loss", "validation.loss", "validation.accuracy" }, name =>
                Assert.All(table.Rows, row => Assert.NotNull(row[table.Columns.ToList().IndexOf(name)])));
        }
    }

    private Experiment Load(params string[] overrides) => folder.Load(Yaml, overrides);
}

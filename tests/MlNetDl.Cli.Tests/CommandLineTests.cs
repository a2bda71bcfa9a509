using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>What the tool says to command lines that were meant otherwise.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Sweep = """
        name: s
        data: { dataset: optdigits }
        network: mlp
        training: { validationFraction: 0.2 }
        search:
          space: { training.optimizer.learningRate: { uniform: [0.1, 0.2] } }
          objective: { maximize: validation.accuracy }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("'studdy' is no command of 'mldl': did you mean 'study'?", "studdy", "status", "x")]
    [InlineData("'--helpp' is no option of 'mldl': did you mean '--help'?", "--helpp")]
    [InlineData("'--quite' is no option of 'mldl run': did you mean '--quiet'?", "run", "a.yaml", "--quite")]
    [InlineData("'--output-to' is no option of 'mldl run': did you mean '--output'?", "run", "a.yaml", "--output-to=x")]
    [InlineData("'--metricks' is no option of 'mldl study': did you mean '--metrics'?", "study", "export", "r", "--metricks")]
    [InlineData("'layrs' is nothing that 'mldl list' takes: did you mean 'layers'?", "list", "layrs")]
    [InlineData("'multiclas' is nothing that 'mldl new' takes: did you mean 'multiclass'?", "new", "multiclas")]
    [InlineData("'statsu' is no action of 'mldl study': did you mean 'status'?", "study", "statsu", "r")]
    public void A_misspelt_word_is_answered_with_the_one_that_was_meant(string expected, params string[] call)
    {
        var (code, output, error) = Tool.Run(call);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"mldl: {expected}", error.Split(Environment.NewLine)[0]);
        Assert.DoesNotContain("Unrecognized", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_behind_two_dashes_is_no_option() =>
        Assert.Contains("'--quite' is not an override", Tool.Fails(2, "run", Write(), "--", "--quite"), StringComparison.Ordinal);

    [Theory]
    [InlineData("search.pruner=null", "write none for no pruner")]
    [InlineData("training.schedule=null", "such as constant, cosine, ")]
    [InlineData("training.optimizer=null", "such as adagrad, adam, ")]
    public void A_component_that_is_left_empty_is_answered_with_what_to_write(string change, string expected) =>
        Assert.Contains(expected, Tool.Fails(2, "run", Write(), change), StringComparison.Ordinal);

    [Theory]
    [InlineData("search.objective={maximize: validation.acuracy}", "did you mean 'validation.accuracy'?")]
    [InlineData("search.objective={minimize: train.lss}", "did you mean 'train.loss'?")]
    [InlineData("search.constraints=[validation.f1 >= 0.5]", "there are validation.accuracy, validation.loss. Further figures are named in training.metrics")]
    public void A_figure_that_no_trial_reports_is_refused_before_the_first_trial(string change, string expected) =>
        Assert.Contains(expected, Tool.Fails(2, "run", Write(), "--output", folder["run"], change), StringComparison.Ordinal);

    [Theory]
    [InlineData("gaussianProcess")]
    [InlineData("cmaEs")]
    public void A_sampler_of_one_objective_is_refused_where_there_are_several(string sampler) => Assert.Contains(
        "search.sampler searches for one objective, but there are 2; take nsga2 or tpe.",
        Tool.Fails(2, "run", Write(), $"search.sampler={sampler}", "search.objective=[{maximize: validation.accuracy}, {minimize: macs}]"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("training.metrics=[f1]", "search.objective={maximize: validation.f1}")]
    [InlineData("search.constraints=[train.loss <= 2, macs <= 1e6]")]
    public void Figures_that_are_asked_for_are_known(params string[] changes) =>
        Assert.NotNull(Experiment.Load(Write(), changes).Search);

    [Fact]
    public void Overrides_of_searched_values_are_told()
    {
        string[] changes =
        [
            "training.optimizer.learningRate=0.3", "training.optimizer=sgd", "training.batchSize=choice(16, 32)", "training.epochs=2",
        ];
        var experiment = Experiment.Load(Write(), changes);
        Assert.Equal(
            [("training.optimizer.learningRate=0.3", "training.optimizer.learningRate")],
            experiment.OverridesWithoutEffect(changes));
        Assert.Empty((experiment with { Search = null }).OverridesWithoutEffect(changes));
        Assert.Contains(
            "warning: 'training.optimizer.learningRate=0.3' changes no trial",
            Tool.Run("run", Write(), changes[0], "search.objective={maximize: seconds}", "data.take=1000000", "--output", folder["run"]).Error,
            StringComparison.Ordinal);
    }

    private string Write()
    {
        File.WriteAllText(folder["a.yaml"], Sweep);
        return folder["a.yaml"];
    }
}

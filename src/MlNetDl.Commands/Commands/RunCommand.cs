using System.CommandLine;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary><c>mldl run</c>.</summary>
internal sealed class RunCommand() : ToolCommand<RunResult>(
    "run", "Trains what a YAML file describes and leaves model.zip, model.onnx and result.json.",
    "mldl run experiments/quickstart.yaml",
    "mldl run experiments/quickstart.yaml search.maxTrials=40 \"training.optimizer.momentum=uniform(0, 0.99)\" training.optimizer=sgd --output runs/longer",
    "mldl run experiments/lecture05-cnn/mnist-lenet5.yaml training.epochs=6 network=mlp network.hidden=[300,100] --output runs/mlp")
{
    private readonly Argument<string> file = new("file") { Description = "The experiment's YAML file." };

    private readonly Argument<string[]> overrides = new("key=value")
    {
        Description = "Changes, such as training.epochs=3 or network=resNet18.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> folder = new("--output", "-o")
    {
        Description = "Folder of the run; runs/NAME by default. One that holds the same run is continued.",
        HelpName = "DIR",
    };

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print the result alone." };

    protected override IEnumerable<Symbol> Symbols => [file, overrides, folder, quiet];

    protected override string Cancelled => Runs.Cancelled;

    private protected override string JsonDescription => "Print JSON instead of text: one document; of a sweep its events, one a line.";

    protected override RunResult Run(ToolContext context)
    {
        var experiment = Experiment.Load(context.Get(file), context.Get(overrides));
        foreach (var (given, searched) in experiment.OverridesWithoutEffect(context.Get(overrides) ?? []))
        {
            context.Warn($"'{given}' changes no trial, because search.space chooses {searched}; "
                + "only the configuration that search.final.compareWith: default takes has it.");
        }

        var path = context.Get(folder) ?? Path.Combine("runs", experiment.Name);
        return Runs.RunAndTell(context, experiment, path, context.Get(quiet), "Another --output runs it anew.");
    }

    private protected override string ToJson(RunResult result) => result.Search is null ? base.ToJson(result) : SweepEvents.Result(result);
}

using System.CommandLine;
using System.Globalization;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Models;

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

    protected override IEnumerable<Symbol> Symbols => [file, overrides, folder];

    protected override string Cancelled => "cancelled; what was done is kept. The same command continues it.";

    protected override RunResult Run(ToolContext context)
    {
        var experiment = Experiment.Load(context.Get(file), context.Get(overrides));
        var path = context.Get(folder) ?? Path.Combine("runs", experiment.Name);
        bool done = File.Exists(Path.Combine(path, "result.json"));
        var result = Runs.Run(context, experiment, path);
        if (done)
        {
            context.Progress.WriteLine($"'{experiment.Name}' is done already; this is its result. Another --output runs it anew.");
        }

        Summarize(context, experiment, result, path);
        return result;
    }

    private static void Summarize(ToolContext context, Experiment experiment, RunResult result, string path)
    {
        var text = context.Progress;
        var model = Path.Combine(path, result.Model);
        text.WriteLine();
        var seeds = result.Seeds.Count > 1 ? $", seeds {string.Join(", ", result.Seeds)}" : "";
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Parameters:N0} weights, {Figures.Count(result.Epochs, "epoch")}, {result.Seconds:F1} s{seeds}"));
        var (part, figures, deviations) = experiment.Task is null
            ? ("training", result.Metrics.Train, result.StandardDeviations?.Train)
            // A sweep without a final round has seen no test data.
            : result.Metrics.Test.Count == 0 ? ("validation", result.Metrics.Validation, result.StandardDeviations?.Validation)
            : ("test", result.Metrics.Test, result.StandardDeviations?.Test);
        text.WriteLine($"{part}: {Figures.Text(figures, deviations)}");
        text.WriteLine($"model: {model}");
        text.WriteLine();
        text.WriteLine("Next:");
        // A model with parts of one's own needs them again.
        var load = string.Concat(context.Loaded.Select(dll => $" --load {Quoted(dll)}"));
        if (experiment.Task is null)
        {
            // Outputs of such a model are columns for a host, not predictions that could be judged.
            text.WriteLine($"  mldl inspect {Quoted(model)}{load}");
            return;
        }

        text.WriteLine($"  mldl predict {Quoted(model)} {(ModelFile.Read(model).Manifest.Image is null ? "ROWS.csv" : "IMAGE...")}{load}");
        // The configuration of the run names its test part, whatever kind of data it is.
        text.WriteLine($"  mldl evaluate {Quoted(model)} --data "
            + $"{Quoted(experiment.Data.TestData ?? Path.Combine(path, RunFolder.ConfigurationFile))}{load}");
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}

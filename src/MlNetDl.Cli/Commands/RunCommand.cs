using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl run</c>.</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var file = new Argument<string>("file") { Description = "The experiment's YAML file." };
        var overrides = new Argument<string[]>("key=value") { Description = "Changes, such as training.epochs=3 or network=resNet18.", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<string?>("--output", "-o") { Description = "Folder of the run; runs/NAME by default. One that holds the same run is continued.", HelpName = "DIR" };
        var command = new Command("run", "Trains what a YAML file describes and leaves model.zip, model.onnx and result.json.") { file, overrides, folder };
        return scope.With(command, (parsed, stop) => Run(scope, parsed.GetValue(file)!, parsed.GetValue(overrides)!, parsed.GetValue(folder), parsed.GetValue(scope.JsonOption), stop));
    }

    private static JsonNode? Run(CommandScope scope, string file, string[] overrides, string? folder, bool json, CancellationToken stop)
    {
        var experiment = Experiment.Load(file, overrides);
        var path = folder ?? Path.Combine("runs", experiment.Name);
        var text = json ? scope.Error : scope.Output;
        bool done = File.Exists(Path.Combine(path, "result.json"));
        using var progress = new TrainingProgressView(text, experiment);
        var result = new ExperimentRunner(path, progress).Run(experiment, stop);
        progress.Clear();
        if (done)
        {
            text.WriteLine($"'{experiment.Name}' is done already; this is its result. Another --output runs it anew.");
        }

        Summarize(text, experiment, result, path);
        return JsonNode.Parse(result.ToJson());
    }

    private static void Summarize(TextWriter text, Experiment experiment, RunResult result, string path)
    {
        var model = Path.Combine(path, result.Model);
        text.WriteLine();
        var seeds = result.Seeds.Count > 1 ? $", seeds {string.Join(", ", result.Seeds)}" : "";
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Parameters:N0} weights, {Figures.Count(result.Epochs, "epoch")}, {result.Seconds:F1} s{seeds}"));
        text.WriteLine(experiment.Task is null
            ? $"training: {Figures.Text(result.Metrics.Train, result.StandardDeviations?.Train)}"
            : $"test: {Figures.Text(result.Metrics.Test, result.StandardDeviations?.Test)}");
        text.WriteLine($"model: {model}");
        text.WriteLine();
        text.WriteLine("Next:");
        if (experiment.Task is null)
        {
            // Outputs of such a model are columns for a host, not predictions that could be judged.
            text.WriteLine($"  mldl inspect {Quoted(model)}");
            return;
        }

        text.WriteLine($"  mldl predict {Quoted(model)} {(experiment.Data.Csv is null ? "IMAGE..." : "ROWS.csv")}");
        // Of a table without a test file the rows were trained on; the figures above are of those that were not.
        text.WriteLine($"  mldl evaluate {Quoted(model)} --data {Quoted(experiment.Data.Dataset ?? experiment.Data.Folder ?? experiment.Data.TestCsv ?? "ROWS.csv")}");
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}

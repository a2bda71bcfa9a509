using System.Globalization;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Commands;

/// <summary>How a run shows itself.</summary>
internal enum RunShown
{
    /// <summary>As it goes: on a terminal with a part that moves.</summary>
    Text,

    /// <summary>The result alone.</summary>
    Quiet,

    /// <summary>A sweep as events on standard output.</summary>
    Events,
}

/// <summary>Runs experiments for commands: a single training in this process, a sweep by workers.</summary>
internal static class Runs
{
    /// <summary>What is said of a run that was cancelled.</summary>
    public const string Cancelled = "cancelled; what was done is kept. The same command continues it.";

    /// <summary>Runs an experiment into a folder, and tells its result.</summary>
    /// <param name="context">The call of the command.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="path">The folder.</param>
    /// <param name="isQuiet">Whether nothing but the result is told.</param>
    /// <param name="further">What is said of a run that is done already: how more can be had.</param>
    public static RunResult RunAndTell(ToolContext context, Experiment experiment, string path, bool isQuiet, string further)
    {
        bool isSweep = experiment.Search is not null;
        var file = Path.Combine(path, "result.json");
        var before = File.GetLastWriteTimeUtc(file);
        bool done = false;
        var shown = isQuiet ? RunShown.Quiet : isSweep && context.IsJson ? RunShown.Events : RunShown.Text;
        var result = isSweep ? Sweep(context, experiment, path, shown, out done) : Run(context, experiment, path, shown);
        // With an arm more, a result that was there is made anew.
        done = isSweep ? done : before == File.GetLastWriteTimeUtc(file);
        if (context.IsJson && (isQuiet || isSweep))
        {
            return result;
        }

        if (done && !isQuiet)
        {
            context.Progress.WriteLine($"'{experiment.Name}' is done already; this is its result. {further}");
        }

        if (!isQuiet)
        {
            context.Progress.WriteLine();
        }

        Summarize(context.Progress, experiment, result, path);
        if (!isQuiet)
        {
            SayNext(context, experiment, Path.Combine(path, result.Model), path);
        }

        return result;
    }

    /// <summary>Runs an experiment into a folder, and shows how it goes.</summary>
    public static RunResult Run(ToolContext context, Experiment experiment, string path, RunShown shown = RunShown.Text)
    {
        if (experiment.Search is not null)
        {
            return Sweep(context, experiment, path, shown, out _);
        }

        if (shown == RunShown.Quiet)
        {
            return new ExperimentRunner(path).Run(experiment, context.Stop);
        }

        using var progress = new TrainingProgressView(context.Progress, experiment);
        var result = new ExperimentRunner(path, progress).Run(experiment, context.Stop);
        progress.Clear();
        return result;
    }

    private static RunResult Sweep(ToolContext context, Experiment experiment, string path, RunShown shown, out bool wasDone)
    {
        bool done = false;
        var launcher = WorkerLauncher.ThisProgram(["worker", "--supervised", .. context.Loaded.SelectMany(dll => new[] { "--load", dll })]);
        var output = context.Progress;
        var result = shown switch
        {
            RunShown.Quiet => Seen(null),
            RunShown.Events => Seen(new SweepEvents(context.Output)),
            _ => LiveSweep.TerminalOf(output) is { } terminal ? LiveSweep.Run(terminal, Seen) : Seen(new SweepLines(output)),
        };

        wasDone = done;
        return result;

        RunResult Seen(SweepView? view)
        {
            var runner = new SweepRunner(path, launcher, view);
            var found = runner.Run(experiment, context.Stop);
            done = runner.WasDone;
            return found;
        }
    }

    private static void Summarize(TextWriter text, Experiment experiment, RunResult result, string path)
    {
        if (result.Arms is { } arms)
        {
            LedgerTable.Write(text, new([.. arms.Values.Select(a => a.Ledger)]));
            text.WriteLine($"ledger: {Path.Combine(path, "ledger.csv")}");
            text.WriteLine($"model: {Path.Combine(path, result.Model)}");
            return;
        }

        if (result.Search is not null)
        {
            SweepLines.Summarize(text, result);
            text.WriteLine();
        }

        var seeds = result.Seeds.Count > 1 ? $", seeds {string.Join(", ", result.Seeds)}" : "";
        var waited = result.DataSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", waited for data {result.DataShare:P0} of the time") : "";
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Parameters:N0} weights, {Figures.Count(result.Epochs, "epoch")}, {result.Seconds:F1} s{waited}{seeds}"));
        var (part, figures, deviations) = experiment.Task is null
            ? ("training", result.Metrics.Train, result.StandardDeviations?.Train)
            // A sweep without a final round has seen no test data.
            : result.Metrics.Test.Count > 0 ? ("test", Figures.Defined(result.Metrics.Test), result.StandardDeviations?.Test)
            : result.Metrics.Validation.Count > 0 ? ("validation", result.Metrics.Validation, result.StandardDeviations?.Validation)
            : ("training", result.Metrics.Train, result.StandardDeviations?.Train);
        text.WriteLine($"{part}: {Figures.Text(figures, deviations)}");
        if (experiment.Network is Vae { Condition: null, Latent: var latent } && result.Metrics.Validation.TryGetValue("activeUnits", out double active)
            && active * 4 < latent)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"warning: only {active:0.#} of {latent} values of the code say anything of a row (posterior collapse); see generation.html."));
        }

        if (experiment.Task is null && result.Metrics.Test.Count > 0)
        {
            text.WriteLine($"test: {Figures.Text(result.Metrics.Test, result.StandardDeviations?.Test)}");
        }

        if (result.Report is not null && result.Seeds.Count > 1)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"with seed {result.Seeds[0]}:"));
        }

        ScoreReportView.Write(text, result.Report);
        text.WriteLine($"model: {Path.Combine(path, result.Model)}");
    }

    private static void SayNext(ToolContext context, Experiment experiment, string model, string path)
    {
        var text = context.Progress;
        text.WriteLine();
        text.WriteLine("Next:");
        // A model with parts of one's own needs them again.
        var load = string.Concat(context.Loaded.Select(dll => $" --load {Quoted(dll)}"));
        if (experiment.Task is null)
        {
            // Outputs of such a model are columns for a host, not predictions that could be judged.
            text.WriteLine($"  {context.Tool} inspect {Quoted(model)}{load}");
            if (experiment.Network is Clustering.KMeans or Decomposition.Pca)
            {
                text.WriteLine($"  {context.Tool} evaluate {Quoted(model)} --data "
                    + $"{Quoted(experiment.Data.TestData ?? Path.Combine(path, RunFolder.ConfigurationFile))}{load}");
            }

            if (experiment.Network is Vae)
            {
                text.WriteLine($"  {context.Tool} generate {Quoted(model)} --count 64 --output samples."
                    + $"{(ModelFile.Read(model).Manifest.Image is null ? "csv" : "png")}{load}");
                if (experiment.Data.TestData is { } test)
                {
                    text.WriteLine($"  {context.Tool} evaluate {Quoted(model)} --data {Quoted(test)} --samples 200{load}");
                }
            }

            return;
        }

        text.WriteLine($"  {context.Tool} predict {Quoted(model)} {(ModelFile.Read(model).Manifest.Image is null ? "ROWS.csv" : "IMAGE...")}{load}");
        // The configuration of the run names its test part, whatever kind of data it is.
        text.WriteLine($"  {context.Tool} evaluate {Quoted(model)} --data "
            + $"{Quoted(experiment.Data.TestData ?? Path.Combine(path, RunFolder.ConfigurationFile))}{load}");
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}

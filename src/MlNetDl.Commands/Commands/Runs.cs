using MlNetDl.Commands.Views;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>Runs experiments for commands: a single training in this process, a sweep by workers.</summary>
internal static class Runs
{
    /// <summary>Runs an experiment into a folder, and shows how it goes.</summary>
    public static RunResult Run(ToolContext context, Experiment experiment, string path)
    {
        if (experiment.Search is null)
        {
            using var progress = new TrainingProgressView(context.Progress, experiment);
            var result = new ExperimentRunner(path, progress).Run(experiment, context.Stop);
            progress.Clear();
            return result;
        }

        var launcher = WorkerLauncher.ThisProgram(["worker", "--supervised", .. context.Loaded.SelectMany(dll => new[] { "--load", dll })]);
        var found = new SweepRunner(path, launcher, new SweepLines(context.Progress)).Run(experiment, context.Stop);
        SweepLines.Summarize(context.Progress, found);
        return found;
    }
}

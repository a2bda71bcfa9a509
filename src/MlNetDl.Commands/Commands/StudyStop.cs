using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What <c>mldl study stop</c> has done.</summary>
/// <param name="Stopped">Whether anything ran.</param>
internal sealed record StoppedStudy(bool Stopped);

/// <summary><c>mldl study stop</c>.</summary>
internal sealed class StudyStop() : StudyAction<StoppedStudy>("stop", "", "ends what runs, with checkpoints")
{
    protected override StoppedStudy Do(StudyCall call)
    {
        var status = call.Folder.Status();
        if (status.Runners + status.Workers > 0)
        {
            call.Context.Progress.WriteLine($"asked {Figures.Count(status.Runners, "runner")} and {Figures.Count(status.Workers, "worker")} "
                + "to stop; waiting until they have written their checkpoints");
        }

        return new(call.Folder.Stop(call.Context.Stop));
    }

    protected override void Tell(StoppedStudy result, StudyCall call) => call.Context.Output.WriteLine(result.Stopped
        ? $"stopped. '{call.Tool} study resume {call.Folder.Path}' goes on."
        : $"nothing runs in '{call.Folder.Path}'.");
}

/// <summary><c>mldl study resume</c>.</summary>
internal sealed class StudyResume() : StudyAction<RunResult>("resume", "", "goes on where it has ended")
{
    protected override RunResult Do(StudyCall call)
    {
        var folder = call.Folder;
        if (!folder.Status().IsDone && folder.MissingData() is { Count: > 0 } missing)
        {
            var places = string.Join(" and ", missing.Select(m => $"{m.Key} at '{m.Value}'"));
            throw new UsageException($"the data of the sweep is not where it was: it was looked for as {places}. If it lies elsewhere now, "
                + $"'{call.Tool} run {Path.Combine(folder.Path, RunFolder.ConfigurationFile)} "
                + $"{string.Concat(missing.Keys.Select(key => $"{key}=PATH "))}--output {folder.Path}' goes on with it.");
        }

        return Runs.RunAndTell(
            call.Context,
            folder.Experiment,
            folder.Path,
            call.IsQuiet,
            $"'{call.Tool} study extend {folder.Path} N' adds trials to it.");
    }
}

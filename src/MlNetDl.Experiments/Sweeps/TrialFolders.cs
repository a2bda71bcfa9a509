using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The folders of a sweep's trials: checkpoints go when a trial has ended and no other may go on from it, models
/// when another trial is better.</summary>
internal static class TrialFolders
{
    /// <summary>Deletes what nobody needs after a trial has ended: a thousand models would fill a disk.</summary>
    public static void Tidy(Sweep sweep, TrialRecord ended)
    {
        var folder = sweep.TrialFolder(ended.Number);
        TidyCheckpoints(sweep, ended);
        var front = sweep.Study.ParetoFront.Select(t => t.Number).ToHashSet();
        if (!front.Contains(ended.Number))
        {
            DeleteModels(folder);
            return;
        }

        // It may have taken the place of others. One that is not told yet is not on the front, and keeps its model.
        foreach (var (number, other) in Finished(sweep))
        {
            if (!front.Contains(number))
            {
                DeleteModels(other);
            }
        }
    }

    /// <summary>The folders of the trainings of a trial that has ended, in order of its parts: the seeds or
    /// folds.</summary>
    public static IReadOnlyList<string> OfParts(Sweep sweep, TrialRecord trial) => [.. TrialPart.Of(sweep)
        .Select(part => Enumerable.Range(1, trial.Attempt).Reverse().Select(n => Path.Combine(sweep.AttemptFolder(trial.Number, n), part.Folder))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "result.json"))))
        .OfType<string>()];

    // A worker that is killed before it tidies leaves checkpoints, so all folders are looked at where some are kept.
    private static void TidyCheckpoints(Sweep sweep, TrialRecord ended)
    {
        var parents = TrialLineage.Parents(sweep);
        foreach (var (number, folder) in TrialLineage.IsIn(sweep) ? Finished(sweep) : [(ended.Number, sweep.TrialFolder(ended.Number))])
        {
            if (!parents.Contains(number) && Directory.Exists(folder))
            {
                AttemptFiles.DeleteCheckpoints(folder);
            }
        }
    }

    private static IEnumerable<(int Number, string Folder)> Finished(Sweep sweep)
    {
        var (trials, below) = (sweep.Study.Trials, Path.Combine(sweep.Folder, RunFolder.TrialsFolder));
        foreach (var folder in Directory.Exists(below) ? Directory.EnumerateDirectories(below) : [])
        {
            if (int.TryParse(Path.GetFileName(folder), out int number) && number < trials.Count && trials[number].IsFinished)
            {
                yield return (number, folder);
            }
        }
    }

    private static void DeleteModels(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var name in new[] { SeedRun.Model, SeedRun.Onnx })
        {
            foreach (var model in Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories))
            {
                File.Delete(model);
            }
        }
    }
}

using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The folders of a sweep's trials: checkpoints go when a trial has ended, models when another trial is
/// better.</summary>
internal static class TrialFolders
{
    /// <summary>Deletes what nobody needs after a trial has ended: a thousand models would fill a disk.</summary>
    public static void Tidy(Sweep sweep, TrialRecord ended)
    {
        var folder = sweep.TrialFolder(ended.Number);
        if (Directory.Exists(folder))
        {
            AttemptFiles.DeleteCheckpoints(folder);
        }

        var front = sweep.Study.ParetoFront.Select(t => t.Number).ToHashSet();
        if (!front.Contains(ended.Number))
        {
            DeleteModels(folder);
            return;
        }

        // It may have taken the place of others. One that is not told yet is not on the front, and keeps its model.
        var trials = sweep.Study.Trials;
        foreach (var other in Directory.EnumerateDirectories(Path.Combine(sweep.Folder, "trials")))
        {
            if (int.TryParse(Path.GetFileName(other), out int number) && number < trials.Count && trials[number].IsFinished
                && !front.Contains(number))
            {
                DeleteModels(other);
            }
        }
    }

    /// <summary>The folder with a trial's model and result, of its first seed where it has several;
    /// <see langword="null"/> where there is none.</summary>
    public static string? WithModel(Sweep sweep, int trial) => Directory.Exists(sweep.TrialFolder(trial))
        ? Directory.EnumerateFiles(sweep.TrialFolder(trial), SeedRun.Model, SearchOption.AllDirectories)
            .Select(f => Path.GetDirectoryName(f)!).Where(f => File.Exists(Path.Combine(f, "result.json")))
            .OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal).FirstOrDefault()
        : null;

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

using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>The folders of a sweep's trials: checkpoints go when a trial has ended and no other may go on from it, models
/// when another trial is better. A worker has one, which remembers what it has tidied.</summary>
internal sealed class TrialFolders(Sweep sweep)
{
    // Trials before this one have been looked at.
    private int tidied;

    /// <summary>Deletes the checkpoints that workers have left which were killed before they could tidy.</summary>
    public void TidyAll()
    {
        // In this order: a trial that ends between the two looks may be a parent, and keeps its checkpoint.
        var finished = Finished().ToList();
        var parents = TrialLineage.Parents(sweep);
        foreach (var (_, folder) in finished.Where(f => !parents.Numbers.Contains(f.Number)))
        {
            AttemptFiles.DeleteCheckpoints(folder);
        }

        tidied = parents.First;
    }

    /// <summary>Deletes what nobody needs after a trial has ended: a thousand models would fill a disk.</summary>
    public void Tidy(TrialRecord ended)
    {
        var folder = sweep.TrialFolder(ended.Number);
        TidyCheckpoints(ended);
        if (sweep.Study.ParetoFront.All(t => t.Number != ended.Number))
        {
            DeleteModels(folder);
            return;
        }

        // It may have taken the place of others. In this order: a trial that ends between the two looks may be the best, and keeps
        // its model.
        var finished = Finished().ToList();
        var front = sweep.Study.ParetoFront.Select(t => t.Number).ToHashSet();
        foreach (var (_, other) in finished.Where(f => !front.Contains(f.Number)))
        {
            DeleteModels(other);
        }
    }

    /// <summary>The folders of the trainings of a trial that has ended, in order of its parts: the seeds or
    /// folds.</summary>
    public static IReadOnlyList<string> OfParts(Sweep sweep, TrialRecord trial) => [.. TrialPart.Of(sweep)
        .Select(part => Enumerable.Range(1, trial.Attempt).Reverse().Select(n => Path.Combine(sweep.AttemptFolder(trial.Number, n), part.Folder))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "result.json"))))
        .OfType<string>()];

    // Only what may have changed with this trial, as a long search has many: itself, the one that it went on from, and those
    // that have become too old to go on from since the last look.
    private void TidyCheckpoints(TrialRecord ended)
    {
        var (trials, parents) = (sweep.Study.Trials, TrialLineage.Parents(sweep));
        var changed = new HashSet<int> { ended.Number };
        if (TrialLineage.IsIn(sweep))
        {
            changed.UnionWith(Enumerable.Range(tidied, Math.Max(0, parents.First - tidied)));
            changed.UnionWith(PopulationBasedSampler.TryParentOf(ended, out int parent) ? [parent] : []);
            tidied = Math.Max(tidied, parents.First);
        }

        foreach (int number in changed.Where(n => trials[n].IsFinished && !parents.Numbers.Contains(n)))
        {
            AttemptFiles.DeleteCheckpoints(sweep.TrialFolder(number));
        }
    }

    private IEnumerable<(int Number, string Folder)> Finished()
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

        foreach (var name in new[] { SeedRun.Model, OnnxFiles.Pattern })
        {
            foreach (var model in Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories))
            {
                File.Delete(model);
            }
        }
    }
}

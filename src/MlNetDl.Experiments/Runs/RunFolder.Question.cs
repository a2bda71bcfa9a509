using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>What a run finds in its folder.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FoundRun>))]
public enum FoundRun
{
    /// <summary>Nothing that was trained.</summary>
    New,

    /// <summary>The same run, which is not done.</summary>
    Begun,

    /// <summary>The same run with its result.</summary>
    Done,
}

/// <content>What speaks against running into a folder.</content>
public sealed partial class RunFolder
{
    /// <summary>What a run of an experiment would find in a folder. Nothing is written.</summary>
    /// <exception cref="RunFolderConflictException">The run would be refused.</exception>
    internal static FoundRun Question(string path, Experiment experiment)
    {
        var folder = new RunFolder(path);
        if (!Directory.Exists(path))
        {
            OutputFolder.Question(path);
            return FoundRun.New;
        }

        if (!File.Exists(folder[ConfigurationFile]))
        {
            folder.RefuseForeign();
            return FoundRun.New;
        }

        var before = Known(path);
        folder.Changes(before, experiment, ConfigurationDiff.Between(RecordJson.ToNode(before), RecordJson.ToNode(experiment)));
        if (!folder.HasWork)
        {
            return FoundRun.New;
        }

        folder.RefuseChanged(RunData.Digests(experiment));
        return folder.Result is null ? FoundRun.Begun : FoundRun.Done;
    }

    private void RefuseForeign()
    {
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(f => !TemporaryFile.IsOne(f)))
        {
            throw new RunFolderConflictException(Path, []);
        }
    }

    // The differences but for moved files. Those that would make results of two experiments in one folder are refused.
    private IReadOnlyList<ConfigurationDifference> Changes(
        Experiment before, Experiment experiment, IReadOnlyList<ConfigurationDifference> differences)
    {
        var changes = WithoutMovedData(Path, experiment, differences);
        changes = [.. changes.Where(d => d.Path != RunData.FromKey || !RunData.IsSame(d.Path, Digests(Path), RunData.Digests(experiment)))];
        changes = [.. changes.Where(d => d.Path != RunData.StagesKey || !RunData.AreSameButForPaths(before, experiment, Digests(Path)))];
        return HasWork && changes.Where(d => !MayChange(d) && !MayJudge(d)).ToList() is { Count: > 0 } conflicts
            ? throw new RunFolderConflictException(Path, conflicts)
            : changes;
    }

    private void RefuseChanged(IReadOnlyDictionary<string, string> now)
    {
        if (DataFingerprint.Changed(Digests(Path), now) is { Count: > 0 } changed)
        {
            var what = changed.All(RunData.IsOfModel) ? "What stages or the network name" : "The data";
            throw new RunFolderConflictException($"{what} of the run in '{Path}' has changed since "
                + $"({string.Join(", ", changed.Select(key => RunData.IsOfModel(key) ? key : $"data.{key}"))}); another --output, or deleting "
                + "the folder, runs it anew.");
        }
    }
}

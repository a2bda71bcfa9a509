using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The folder of a run: <c>config.resolved.yaml</c>, <c>environment.json</c>, <c>data.json</c>,
/// <c>metrics.jsonl</c>, <c>checkpoint</c>, <c>model.zip</c>, <c>model.onnx</c>, <c>result.json</c>.</summary>
public sealed class RunFolder
{
    /// <summary>The file with the configuration, all of it written out.</summary>
    public const string ConfigurationFile = "config.resolved.yaml";

    /// <summary>The file of a sweep's studies.</summary>
    internal const string StudyFile = "study.db";

    /// <summary>The study of a sweep's search.</summary>
    internal const string StudyName = "search";

    /// <summary>The folder of a sweep's trials.</summary>
    internal const string TrialsFolder = "trials";

    private const string DataFile = "data.json";

    private static readonly string[] SweepBounds =
        ["maxTrials", "maxTime", "patience", "workers", "final", "trialTimeout", "trialsPerWorker", "workerMemoryMB", "maxLost"];

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The result, once the run is done; <see langword="null"/> before.</summary>
    public RunResult? Result => File.Exists(this["result.json"]) ? RunResult.FromJson(File.ReadAllText(this["result.json"])) : null;

    /// <summary>A file in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    // A run that failed before it trained anything has nothing to lose: the corrected one may take its folder.
    // Nor has what a killed process left half-written, or a sweep that ended before any of its trials.
    private bool HasWork => Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName)
        .Any(name => name switch
        {
            ConfigurationFile or "environment.json" or DataFile or "workers" => false,
            TrialsFolder => HasTrials,
            _ => !IsStudy(name!) && !TemporaryFile.IsOne(name!),
        });

    private bool HasTrials
    {
        get
        {
            try
            {
                if (Directory.EnumerateFiles(this[TrialsFolder], $"{SeedRun.Checkpoint}*", SearchOption.AllDirectories).Any())
                {
                    return true;
                }

                using var study = Study.Load(this[StudyFile], StudyName);
                return study.History.Finished.Count > 0;
            }
            catch (StudyException)
            {
                // What cannot be read may be somebody's work.
                return true;
            }
        }
    }

    /// <summary>Opens the folder for an experiment: makes it, or finds it holding the same configuration, or another of
    /// which nothing was trained.</summary>
    /// <exception cref="RunFolderConflictException">It holds another configuration, or the data has changed since
    /// something was trained on it.</exception>
    /// <exception cref="IOException">It holds another configuration, and the data of this one is not there.</exception>
    /// <exception cref="InvalidDataException">It holds another configuration, and the data of this one does not suit its
    /// task.</exception>
    public static RunFolder Open(string path, Experiment experiment)
    {
        try
        {
            return Opened(path, experiment);
        }
        catch (RunFolderConflictException)
        {
            // A misspelt file or column is the cause then, and the other configuration only what comes of it.
            experiment.Data.Question(experiment.Task);
            throw;
        }
    }

    private static RunFolder Opened(string path, Experiment experiment)
    {
        var folder = new RunFolder(path);
        var config = folder[ConfigurationFile];
        if (File.Exists(config))
        {
            var differences = ConfigurationDiff.Between(RecordJson.ToNode(Known(path)), RecordJson.ToNode(experiment));
            var changes = WithoutMovedData(path, experiment, differences);
            if (folder.HasWork && changes.Where(d => !MayChange(d)).ToList() is { Count: > 0 } conflicts)
            {
                throw new RunFolderConflictException(path, conflicts);
            }

            if (differences.Count > 0)
            {
                AtomicFile.WriteText(config, ConfigurationDocument.ToYaml(experiment));
            }

            if (changes.Count > 0)
            {
                // It was of a shorter search, or one without a final round.
                File.Delete(folder["result.json"]);
                folder.ForgetStudyWithoutWork();
            }
        }
        else
        {
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(f => !TemporaryFile.IsOne(f)))
            {
                throw new RunFolderConflictException(path, []);
            }

            Make(path);
            AtomicFile.WriteText(config, ConfigurationDocument.ToYaml(experiment));
        }

        folder.KeepData(experiment);
        return folder;
    }

    // A search may be continued for longer, by more workers, or with another end: its trials stay what they are.
    internal static bool MayChange(ConfigurationDifference difference) =>
        SweepBounds.Any(key => RecordPath.IsAtOrBelow(difference.Path, $"search.{key}"));

    /// <summary>The differences but for paths of data that only lies elsewhere now, as its digests say: the project was moved, or
    /// the folder copied.</summary>
    internal static IReadOnlyList<ConfigurationDifference> WithoutMovedData(
        string path, Experiment experiment, IReadOnlyList<ConfigurationDifference> differences)
    {
        const string Data = "data.";
        if (!differences.Any(d => d.Path.StartsWith(Data, StringComparison.Ordinal)))
        {
            return differences;
        }

        var (before, now) = (Digests(path), RunData.Digests(experiment));
        return [.. differences.Where(d => !d.Path.StartsWith(Data, StringComparison.Ordinal) || !RunData.IsSameFile(d.Path[Data.Length..], before, now))];
    }

    /// <summary>The digests of the data that a folder's run was begun with; empty where it has none.</summary>
    internal static IReadOnlyDictionary<string, string> Digests(string path)
    {
        var file = System.IO.Path.Combine(path, DataFile);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? [] : new Dictionary<string, string>();
        }
        catch (JsonException)
        {
            // A user who damages the file loses the check, not the run.
            return new Dictionary<string, string>();
        }
    }

    private static bool IsStudy(string name) => name.StartsWith(StudyFile, StringComparison.Ordinal);

    // Its space is another one now.
    private void ForgetStudyWithoutWork()
    {
        if (!HasWork)
        {
            if (Directory.Exists(this[TrialsFolder]))
            {
                Directory.Delete(this[TrialsFolder], recursive: true);
            }

            foreach (var file in Directory.EnumerateFiles(Path).Where(f => IsStudy(System.IO.Path.GetFileName(f))))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>The experiment of a folder; <see langword="null"/> where it holds none that can be read here.</summary>
    internal static Experiment? Before(string path)
    {
        try
        {
            return File.Exists(System.IO.Path.Combine(path, ConfigurationFile)) ? Read(path) : null;
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>The experiment of a folder that holds one.</summary>
    /// <exception cref="ConfigurationException">It cannot be read here.</exception>
    internal static Experiment Read(string path)
    {
        var experiment = ConfigurationDocument.Load(System.IO.Path.Combine(path, ConfigurationFile)).Bind<Experiment>();
        // An earlier version wrote paths as they were given.
        return experiment with { Data = experiment.Data.Located() };
    }

    // An earlier version may have written keys that are none any more, and a host may not know another's components.
    private static Experiment Known(string path)
    {
        try
        {
            return Read(path);
        }
        catch (ConfigurationException e)
        {
            throw new RunFolderConflictException($"The folder '{path}' holds a run whose configuration cannot be read "
                + $"here; choose another with --output, or delete it. {e.Message}");
        }
    }

    // Results of other rows are not this run's, and seeds on two versions of the data would be no repeats.
    private void KeepData(Experiment experiment)
    {
        var now = RunData.Digests(experiment);
        if (HasWork)
        {
            if (DataFingerprint.Changed(Digests(Path), now) is { Count: > 0 } changed)
            {
                throw new RunFolderConflictException($"The data of the run in '{Path}' has changed since "
                    + $"({string.Join(", ", changed.Select(key => $"data.{key}"))}); another --output, or deleting "
                    + "the folder, runs it anew.");
            }

            if (File.Exists(this[DataFile]))
            {
                return;
            }
        }

        AtomicFile.WriteText(this[DataFile], JsonSerializer.Serialize(now, RunResult.Json));
    }

    private static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{path}' of the run cannot be made: {e.Message} Choose another with --output.", e);
        }
    }
}

/// <summary>The output folder holds something else than this run.</summary>
public sealed class RunFolderConflictException : IOException
{
    internal RunFolderConflictException(string path, IReadOnlyList<ConfigurationDifference> differences)
        : base(differences.Count == 0
            ? $"The folder '{path}' is not empty and holds no run; choose another with --output."
            : $"The folder '{path}' holds a run with another configuration; choose another with --output, or "
                + "delete it. It differs in:\n"
                + string.Join(
                    "\n",
                    differences.Select(d => $"  {d.Path}: {d.Before ?? "(none)"} there, {d.After ?? "(none)"} now"))) =>
        Differences = differences;

    /// <summary>The differences are ones that a sweep may take on, but not while it runs.</summary>
    internal static RunFolderConflictException OfRunning(string path, IReadOnlyList<ConfigurationDifference> differences) =>
        new($"The sweep in '{path}' runs now, and what runs does not see a change of {string.Join(", ", differences.Select(d =>
            $"{d.Path} from {d.Before ?? "(none)"} to {d.After ?? "(none)"}"))}. Stop it first; the same command then goes on with the change.");

    internal RunFolderConflictException(string message) : base(message) => Differences = [];

    /// <summary>Where the configurations differ; empty where that is not it.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; }
}

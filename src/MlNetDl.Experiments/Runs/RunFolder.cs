using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The folder of a run: <c>config.resolved.yaml</c>, <c>environment.json</c>, <c>data.json</c>,
/// <c>log.txt</c>, <c>metrics.jsonl</c>, <c>checkpoint</c>, <c>model.zip</c>, <c>model.onnx</c> (of a model of several graphs,
/// <c>model.decode.onnx</c> and such),
/// <c>result.json</c>.</summary>
public sealed partial class RunFolder
{
    /// <summary>The file with the configuration, all of it written out.</summary>
    public const string ConfigurationFile = "config.resolved.yaml";

    /// <summary>The file of a sweep's studies.</summary>
    internal const string StudyFile = "study.db";

    /// <summary>The study of a sweep's search.</summary>
    internal const string StudyName = "search";

    /// <summary>The folder of a sweep's trials.</summary>
    internal const string TrialsFolder = "trials";

    /// <summary>How files end that a run leaves beside the folders of its arms.</summary>
    internal static readonly string[] OwnExtensions = [".yaml", ".json", ".jsonl", ".csv", ".html", ".zip", ".onnx", ".txt", ".tmp"];

    private const string DataFile = "data.json";

    private static readonly string[] SweepBounds =
        ["maxTrials", "maxTime", "patience", "workers", "final", "trialTimeout", "trialsPerWorker", "workerMemoryMB", "maxLost"];

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The result, once the run is done; <see langword="null"/> before.</summary>
    /// <exception cref="InvalidDataException">Its file is damaged.</exception>
    public RunResult? Result => RunResult.FromFile(
        this["result.json"], "Delete it, and the same command puts the result of a sweep together again, or trains a single training anew.");

    /// <summary>What is doubtful about the data; <see langword="null"/> where nothing is.</summary>
    internal string? DataWarning { get; private set; }

    /// <summary>A file in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    // A run that failed before it trained anything has nothing to lose: the corrected one may take its folder.
    // Nor has what a killed process left half-written, or a sweep that ended before any of its trials.
    private bool HasWork => Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName)
        .Any(name => name switch
        {
            ConfigurationFile or "environment.json" or DataFile or RunLog.FileName or "workers" or SearchExtension.File => false,
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

    // What nothing was judged by yet may be judged by something else.
    private bool MayJudge(ConfigurationDifference difference) => RecordPath.IsAtOrBelow(difference.Path, "judges")
        && !Directory.EnumerateFiles(Path, "result.json", SearchOption.AllDirectories).Any();

    private static RunFolder Opened(string path, Experiment experiment)
    {
        var folder = new RunFolder(path);
        var config = folder[ConfigurationFile];
        if (File.Exists(config))
        {
            var before = Known(path);
            var differences = ConfigurationDiff.Between(RecordJson.ToNode(before), RecordJson.ToNode(experiment));
            var changes = folder.Changes(before, experiment, differences);
            if (changes.Count > 0)
            {
                // It was of a shorter search, or one without a final round. A process that is killed before the configuration is
                // written must not leave it, because it would stand for the new one.
                File.Delete(folder["result.json"]);
                folder.ForgetStudyWithoutWork();
            }

            if (differences.Count > 0)
            {
                AtomicFile.WriteText(config, ConfigurationDocument.ToYaml(experiment));
            }
        }
        else
        {
            folder.RefuseForeign();
            OutputFolder.Make(path);
            AtomicFile.WriteText(config, ConfigurationDocument.ToYaml(experiment));
        }

        folder.KeepData(experiment);
        return folder;
    }

    // A search may be continued for longer, by more workers, or with another end: its trials stay what they are.
    // The same holds for an experiment's arms where another is added, or compared with another.
    internal static bool MayChange(ConfigurationDifference difference) =>
        SweepBounds.Any(key => RecordPath.IsAtOrBelow(difference.Path, $"search.{key}"))
        || (difference.Path.Split('.') is ["arms", ..] keys
            && (keys is [_, _] ? difference.Before is null : keys is [_, _, "compareWith"]));

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
        return [.. differences.Where(d => !d.Path.StartsWith(Data, StringComparison.Ordinal) || !RunData.IsSame(d.Path[Data.Length..], before, now))];
    }

    /// <summary>The digests of the data that a folder's run was begun with; empty where it has none.</summary>
    /// <exception cref="RunFolderConflictException">Their file is damaged.</exception>
    internal static IReadOnlyDictionary<string, string> Digests(string path)
    {
        var file = System.IO.Path.Combine(path, DataFile);
        if (!File.Exists(file))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException e)
        {
            throw new RunFolderConflictException($"'{file}' cannot be read, so that nobody can tell whether the data is still that of the earlier "
                + $"trainings: {JsonProblem.Of(e)} If it is, delete the file, and it is written anew; else choose another folder with --output.");
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
        return experiment.Located();
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

    /// <summary>Refuses data that has changed since something was trained on it, as <see cref="Open"/> does.</summary>
    /// <param name="path">The folder of a run.</param>
    /// <param name="experiment">Its experiment.</param>
    /// <returns>What is doubtful about the data; <see langword="null"/> where nothing is.</returns>
    /// <exception cref="RunFolderConflictException">The data has changed.</exception>
    internal static string? CheckData(string path, Experiment experiment)
    {
        var folder = new RunFolder(path);
        folder.KeepData(experiment);
        return folder.DataWarning;
    }

    // Results of other rows are not this run's, and seeds on two versions of the data would be no repeats.
    private void KeepData(Experiment experiment)
    {
        var now = RunData.Digests(experiment);
        if (HasWork)
        {
            RefuseChanged(now);
            if (File.Exists(this[DataFile]))
            {
                // An arm that was added may name a teacher.
                var known = Digests(Path);
                if (now.Keys.Except(known.Keys).Any())
                {
                    var all = known.Concat(now.Where(n => !known.ContainsKey(n.Key))).OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary();
                    AtomicFile.WriteText(this[DataFile], JsonSerializer.Serialize(all, RunResult.Json));
                }

                return;
            }

            DataWarning = $"{DataFile}, which tells whether the data is still that of the earlier trainings, was missing in '{Path}' and is "
                + "written anew: if the data has changed since, run it anew in another folder.";
        }

        AtomicFile.WriteText(this[DataFile], JsonSerializer.Serialize(now, RunResult.Json));
    }
}

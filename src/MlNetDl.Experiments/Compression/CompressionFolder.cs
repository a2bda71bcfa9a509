using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>The folder of a compression: what it is of stands in <c>compression.yaml</c>, so it is continued by the same
/// and refused for another.</summary>
internal sealed class CompressionFolder
{
    /// <summary>The file with the job.</summary>
    public const string JobFile = "compression.yaml";

    /// <summary>The checkpoints; those of later trainings append a number.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The figure that a target bounds, of the model before: a time is measured once.</summary>
    public const string PresentFile = "present.json";

    private const string DigestsFile = "digests.json", Agree = "agree";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private CompressionFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    // A job that failed before it trained anything has nothing to lose: the corrected one may take its folder.
    private bool HasWork => Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName)
        .Any(name => name is not (JobFile or DigestsFile or PresentFile or RunLog.FileName) && !TemporaryFile.IsOne(name!));

    /// <summary>Opens the folder for a job: makes it, or finds it holding the same.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="job">The job, by full paths.</param>
    /// <exception cref="ConfigurationException">It holds something else, or the model or the data has changed since.</exception>
    public static CompressionFolder Open(string path, CompressionJob job)
    {
        var folder = new CompressionFolder(path);
        var digests = Digests(job);
        if (File.Exists(folder[JobFile]))
        {
            if (folder.HasWork)
            {
                if (!folder.MustBe(job, digests))
                {
                    return folder;
                }
            }
        }
        else if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(f => !TemporaryFile.IsOne(f)))
        {
            throw new ConfigurationException(
                "", $"The folder '{path}' is not empty and holds no compression; choose another with --output.");
        }

        Directory.CreateDirectory(path);
        AtomicFile.WriteText(folder[JobFile], ConfigurationDocument.ToYaml(job));
        AtomicFile.WriteText(folder[DigestsFile], JsonSerializer.Serialize(digests, Indented));
        return folder;
    }

    /// <summary>Deletes what a finished job needs no more: checkpoints, and the models of tries.</summary>
    public void Finish()
    {
        var models = Directory.Exists(this[TargetSearch.Folder])
            ? Directory.EnumerateFiles(this[TargetSearch.Folder], "model.*", SearchOption.AllDirectories) : [];
        foreach (var file in Directory.EnumerateFiles(Path, $"{Checkpoint}*", SearchOption.AllDirectories).Concat(models).ToList())
        {
            File.Delete(file);
        }
    }

    // Whether the job is to be written anew: with which other model the result is compared counts only at its end.
    private bool MustBe(CompressionJob job, SortedDictionary<string, string> digests)
    {
        var (before, known) = Held();
        var differences = ConfigurationDiff.Between(RecordJson.ToNode(before), RecordJson.ToNode(job)).ToList();
        bool isDone = File.Exists(this[CompressionResult.File]);
        bool agreesWithOther = !isDone
            && (differences.RemoveAll(d => d.Path == Agree) > 0 || known.GetValueOrDefault(Agree) != digests.GetValueOrDefault(Agree));
        known = isDone ? known : known.Where(k => k.Key != Agree).ToDictionary();
        if (differences.Count > 0)
        {
            throw new ConfigurationException("", $"The folder '{Path}' holds another compression; choose another with --output, or delete it. It "
                + $"differs in:\n{string.Join('\n', differences.Select(d => $"  {d.Path}: {d.Before ?? "(none)"} there, {d.After ?? "(none)"} now"))}");
        }

        if (DataFingerprint.Changed(known, digests) is { Count: > 0 } changed)
        {
            throw new ConfigurationException("", $"Since the compression in '{Path}' was begun, {string.Join(", ", changed)} "
                + $"{(changed.Count == 1 ? "has" : "have")} changed; choose another folder with --output, or delete it.");
        }

        return agreesWithOther;
    }

    private (CompressionJob Job, Dictionary<string, string> Digests) Held()
    {
        try
        {
            return (
                ConfigurationDocument.Load(this[JobFile]).Bind<CompressionJob>(),
                File.Exists(this[DigestsFile]) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(this[DigestsFile]))! : []);
        }
        catch (Exception e) when (e is ConfigurationException or JsonException)
        {
            throw new ConfigurationException("", $"The folder '{Path}' holds a compression that cannot be read here; choose another with "
                + $"--output, or delete it. {e.Message}", e);
        }
    }

    private static SortedDictionary<string, string> Digests(CompressionJob job)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, print) in job.Data.Fingerprint().Select(f => ($"data.{f.Key}", f.Print))
            .Concat([("model", DataFingerprint.OfFile(job.Model)), (Agree, DataFingerprint.OfFile(job.Agree))])
            .Concat(StageFiles.Identities(job.Stages, "stages").Select(s => (s.Key, (string?)s.Identity))))
        {
            if (print is not null)
            {
                all[key] = print;
            }
        }

        return all;
    }
}

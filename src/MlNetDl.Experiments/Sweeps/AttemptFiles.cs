using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>What an attempt takes over from earlier attempts of its trial. Each attempt writes only below its own folder:
/// a worker that was taken for dead and wakes up cannot change the files of its successor.</summary>
internal static class AttemptFiles
{
    /// <summary>Copies the checkpoints of the latest earlier attempt that has any into a folder, which is made.</summary>
    /// <param name="earlier">The folders of the earlier attempts, the latest first.</param>
    /// <param name="folder">The folder of this attempt.</param>
    public static void TakeCheckpoints(IEnumerable<string> earlier, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var checkpoint in earlier.Select(Checkpoints).FirstOrDefault(found => found.Count > 0) ?? [])
        {
            // A worker that is killed here must not leave half a file under the checkpoint's name.
            AtomicFile.Write(Path.Combine(folder, Path.GetFileName(checkpoint)), target =>
            {
                using var source = File.OpenRead(checkpoint);
                source.CopyTo(target);
            });
        }
    }

    /// <summary>Deletes the checkpoints of a trial that has its result.</summary>
    public static void DeleteCheckpoints(string trialFolder)
    {
        foreach (var checkpoint in Directory.EnumerateFiles(trialFolder, SeedRun.Checkpoint + "*", SearchOption.AllDirectories))
        {
            File.Delete(checkpoint);
        }
    }

    // A training of several stages has more than one.
    private static IReadOnlyList<string> Checkpoints(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, SeedRun.Checkpoint + "*").Where(f => !TemporaryFile.IsOne(f))]
        : [];
}

using System.Globalization;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>What an attempt takes over from earlier attempts of its trial. Each attempt writes only below its own folder:
/// a worker that was taken for dead and wakes up cannot change the files of its successor.</summary>
internal static class AttemptFiles
{
    private const string Prefix = "attempt-", Claim = "claimed";

    /// <summary>Takes the next free attempt of a training for itself, and what the earlier ones have left.</summary>
    /// <param name="training">The folder of the training, which is made.</param>
    /// <param name="parameters">What is trained: the content of its <c>params.json</c>.</param>
    /// <returns>The folder of the attempt.</returns>
    /// <exception cref="IOException">The folder cannot be written to, or the disk is full.</exception>
    public static string Begin(string training, string parameters)
    {
        for (int number = Numbers(training).DefaultIfEmpty().Max() + 1; ; number++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(training, Name(number))).FullName;
            if (!TryClaim(Path.Combine(folder, Claim)))
            {
                continue;
            }

            AtomicFile.WriteText(Path.Combine(folder, "params.json"), parameters);
            TakeCheckpoints(Earlier(training).Where(f => f != folder), folder);
            return folder;
        }
    }

    // Of two processes only one makes the file. It stays empty, so that a full disk cannot seem to be another's claim.
    private static bool TryClaim(string path)
    {
        try
        {
            new FileStream(path, FileMode.CreateNew).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>The folder of the latest attempt that has its result; <see langword="null"/> where none has.</summary>
    public static string? Done(string training) => Earlier(training).FirstOrDefault(f => File.Exists(Path.Combine(f, "result.json")));

    // The latest first. Earlier versions wrote into the folder of the training itself.
    private static IEnumerable<string> Earlier(string training) =>
        Numbers(training).OrderDescending().Select(n => Path.GetFullPath(Path.Combine(training, Name(n)))).Append(training);

    private static List<int> Numbers(string training) => Directory.Exists(training)
        ? [.. Directory.EnumerateDirectories(training, $"{Prefix}*")
            .Select(f => int.TryParse(Path.GetFileName(f)[Prefix.Length..], CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(n => n > 0)]
        : [];

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");

    /// <summary>Copies the checkpoints of the latest earlier attempt that has any into a folder, which is made.</summary>
    /// <param name="earlier">The folders of the earlier attempts, the latest first.</param>
    /// <param name="folder">The folder of this attempt.</param>
    public static void TakeCheckpoints(IEnumerable<string> earlier, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var checkpoint in earlier.Select(f => Checkpoints(f, SearchOption.TopDirectoryOnly)).FirstOrDefault(found => found.Count > 0) ?? [])
        {
            // A worker that is killed here must not leave half a file under the checkpoint's name.
            AtomicFile.Write(Path.Combine(folder, Path.GetFileName(checkpoint)), target =>
            {
                using var source = File.OpenRead(checkpoint);
                source.CopyTo(target);
            });
        }
    }

    /// <summary>Deletes the checkpoints of all attempts of a trial that has ended in the study: before that, they may be a
    /// later attempt's.</summary>
    public static void DeleteCheckpoints(string trialFolder)
    {
        foreach (var checkpoint in Checkpoints(trialFolder, SearchOption.AllDirectories))
        {
            File.Delete(checkpoint);
        }
    }

    // A training of several stages has more than one. Temporary files are of somebody who writes one now.
    private static IReadOnlyList<string> Checkpoints(string folder, SearchOption depth) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, SeedRun.Checkpoint + "*", depth).Where(f => !TemporaryFile.IsOne(f))]
        : [];
}

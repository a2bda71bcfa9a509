using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Writes where and with what a run is made: what <see cref="EnvironmentInfo"/> says, the processor, threads, seed, and
/// the commit of the git repository that the command was given in.</summary>
internal static class EnvironmentFile
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="experiment">The experiment, with its seed.</param>
    public static void Write(string path, Experiment experiment)
    {
        var file = (JsonObject)JsonSerializer.SerializeToNode(EnvironmentInfo.Current(), RunResult.Json)!;
        file["processor"] = Processor();
        file["threads"] = experiment.Training.Threads;
        file["seed"] = experiment.Training.Seed;
        if (Git("rev-parse", "HEAD") is { } commit)
        {
            file["commit"] = commit;
            file["isTreeClean"] = Git("status", "--porcelain") is { } changes ? changes.Length == 0 : null;
        }

        AtomicFile.WriteText(path, file.ToJsonString(RunResult.Json));
    }

    private static string? Processor()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
                : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Null where there is no git, no repository, or no answer in time.
    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            _ = git.StandardError.ReadToEndAsync();
            var output = git.StandardOutput.ReadToEndAsync();
            if (!git.WaitForExit(LongestWait))
            {
                git.Kill();
                return null;
            }

            return git.ExitCode == 0 ? output.GetAwaiter().GetResult().Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

using System.Diagnostics;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The processes of sweeps, and how they are killed.</summary>
internal static class SweepProcesses
{
    /// <summary>The workers in a folder of a test.</summary>
    public static IReadOnlyList<Process> Workers(string folder) => [.. Process.GetProcessesByName("dotnet").Where(p =>
    {
        try
        {
            var command = File.ReadAllText($"/proc/{p.Id}/cmdline");
            return command.Contains("\0worker\0", StringComparison.Ordinal) && command.Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    })];

    /// <summary>Runs the sweep of <c>a.yaml</c> into a folder, killed four times on the way.</summary>
    /// <param name="folder">The folder of the test.</param>
    /// <param name="name">The folder of the sweep in it.</param>
    /// <param name="random">Draws how long a process lives.</param>
    /// <param name="least">The shortest time that a process lives, in milliseconds.</param>
    /// <param name="most">The longest time that a process lives, in milliseconds.</param>
    /// <param name="overrides">Changes of the configuration.</param>
    public static void RunWithKills(SweepTestFolder folder, string name, Random random, int least, int most, params string[] overrides)
    {
        for (int kills = 0; !File.Exists(folder[$"{name}/result.json"]); kills++)
        {
            using var process = Tool.Start(Environment.CurrentDirectory, ["run", folder["a.yaml"], "--output", folder[name], .. overrides]);
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (kills < 4)
            {
                process.WaitForExit(random.Next(least, most));
                process.Kill();
            }

            process.WaitForExit();
        }
    }
}

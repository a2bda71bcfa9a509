using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlNetDl.Packaging.Tests;

/// <summary>Runs programs as a user would, outside the test's own build.</summary>
internal sealed class Shell(string folder, params (string Name, string Value)[] environment)
{
    // …/shared/Microsoft.NETCore.App/10.0.x/
    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Runs the .NET command line and returns what it printed; fails the test when it fails.</summary>
    public string Dotnet(params string[] arguments) =>
        Run(Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), arguments);

    /// <summary>Runs a program and returns what it printed; fails the test when it fails.</summary>
    public string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build around this test set for itself would reach into the builds that are tested.
        foreach (string name in Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(e => (string)e.Key)
            .Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)))
        {
            start.Environment.Remove(name);
        }

        // Servers that outlive a command would keep its output open, and the test waiting.
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"),
            ("DOTNET_NOLOGO", "1"), ("DOTNET_ROOT", DotnetRoot), .. environment,
        ])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output}\n{error.Result}");
        return output;
    }
}

using System.Diagnostics;

namespace MlNetDl.Tests;

/// <summary>Runs a program and keeps what it prints.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a .NET program by its dll.</summary>
    public static (int Code, string Output, string Error) Dotnet(string dll, params string[] arguments) => Dotnet([], dll, arguments);

    /// <summary>Runs a .NET program by its dll, with these environment variables; <see langword="null"/>
    /// takes one away.</summary>
    public static (int Code, string Output, string Error) Dotnet(
        (string Name, string? Value)[] environment, string dll, params string[] arguments)
    {
        var start = Start(dll, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>How a .NET program is started by its dll.</summary>
    public static ProcessStartInfo Start(string dll, params string[] arguments) => new(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        ["exec", dll, .. arguments])
    { RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>The repository's folder, found from the test assembly upwards.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "MlNetDl.sln")))
            {
                folder = folder.Parent!;
            }

            return folder.FullName;
        }
    }

    /// <summary>The output folder of another project, built in the same configuration as this one.</summary>
    public static string OutputOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Repository, project, "bin", output.Parent!.Name, output.Name);
    }
}

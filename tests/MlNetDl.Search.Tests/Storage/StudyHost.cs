using System.Diagnostics;
using System.Globalization;

namespace MlNetDl.Search.Tests.Storage;

/// <summary>A worker in a process of its own, see tests/hosts/StudyHost.</summary>
internal sealed class StudyHost : IDisposable
{
    private static readonly string Dll = Path.Combine(ChildProcess.OutputOf("tests/hosts/StudyHost"), "StudyHost.dll");
    private readonly Process process;
    private readonly Task<string> error;

    private StudyHost(params object[] arguments)
    {
        var words = arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!);
        process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Dll, .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        error = process.StandardError.ReadToEndAsync();
    }

    public static StudyHost Work(string store, string worker, string log, int trials, int steps, int milliseconds, int lease) =>
        new("work", store, worker, log, trials, steps, milliseconds, lease);

    public static StudyHost Search(string store, int seed, int hang) => new("search", store, seed, hang);

    public static StudyHost Once(string store, string worker, int lease) => new("once", store, worker, lease);

    /// <summary>The next line that it prints; <see langword="null"/> when it has ended.</summary>
    public string? Line() => process.StandardOutput.ReadLine();

    public void Say(double value) => process.StandardInput.WriteLine(value.ToString("R", CultureInfo.InvariantCulture));

    public void SayNoMore() => process.StandardInput.Close();

    /// <summary>Waits for its end, or kills it when that takes too long.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public bool EndsWithin(TimeSpan time)
    {
        bool ended = process.WaitForExit(time);
        if (!ended)
        {
            process.Kill();
            process.WaitForExit();
        }

        return ended;
    }

    public (int Code, string Error) Result => (process.ExitCode, error.Result.Trim());

    public void Dispose()
    {
        EndsWithin(TimeSpan.Zero);
        process.Dispose();
    }
}

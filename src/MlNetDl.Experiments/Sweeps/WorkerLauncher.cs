using System.Diagnostics;
using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>Starts the processes that work on a sweep. They take part by <see cref="SweepWorker"/>, with a
/// <see cref="WorkerChannel"/> over their standard input and output.</summary>
/// <param name="command">The program.</param>
/// <param name="arguments">Its arguments; those of the worker follow: <c>FOLDER --name NAME</c>, and
/// <c>--seconds N</c> where there is a bound of time.</param>
/// <example><code>
/// var launcher = new WorkerLauncher("mldl", "worker", "--supervised");
/// </code></example>
public sealed class WorkerLauncher(string command, params IReadOnlyList<string> arguments)
{
    /// <summary>Starts this program again, with the arguments of its worker.</summary>
    /// <param name="arguments">What makes this program a worker.</param>
    public static WorkerLauncher ThisProgram(params IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This system does not tell the path of a program.");
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isHost
            ? new(program, ["exec", Environment.GetCommandLineArgs()[0], .. arguments])
            : new(program, arguments);
    }

    /// <summary>Name of a worker that a runner has started.</summary>
    /// <param name="number">Its number, from 1.</param>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"worker {number}");

    internal Process Start(string folder, string name, TimeSpan? time)
    {
        var start = new ProcessStartInfo(command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        IReadOnlyList<string> ends = time is { } bound ? ["--seconds", bound.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)] : [];
        foreach (var argument in (IReadOnlyList<string>)[.. arguments, folder, "--name", name, .. ends])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}

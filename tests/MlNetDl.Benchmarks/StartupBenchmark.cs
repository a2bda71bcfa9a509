using System.Diagnostics;
using System.Globalization;

namespace MlNetDl.Benchmarks;

/// <summary>From the start of a process to its end: <c>startup [--rounds N] -- mldl predict model.zip
/// digit.png</c>.</summary>
internal static class StartupBenchmark
{
    public static int Run(string[] args)
    {
        int separator = Array.IndexOf(args, "--");
        if (separator < 0 || separator + 1 == args.Length)
        {
            Console.Error.WriteLine("Usage: startup [--rounds N] -- COMMAND [ARGUMENTS]");
            return 2;
        }

        var command = args[(separator + 1)..];
        var times = Enumerable.Range(0, args[..separator].Number("rounds", 11)).Select(_ => Milliseconds(command)).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{string.Join(' ', command)}: median {times[times.Length / 2]:F0} ms, fastest {times[0]:F0}, slowest "
                + $"{times[^1]:F0} of {times.Length}"));
        return 0;
    }

    private static double Milliseconds(string[] command)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}.");
        }

        return clock.Elapsed.TotalMilliseconds;
    }
}

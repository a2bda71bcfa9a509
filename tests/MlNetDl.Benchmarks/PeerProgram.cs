using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetDl.Benchmarks;

/// <summary>A program that is compared with: <c>COMMAND SECONDS lenet:train:128</c> prints <c>med_ms MILLISECONDS</c>.
/// The environment variable <c>NT</c> tells it the number of threads.</summary>
internal sealed partial class PeerProgram(string command, int threads)
{
    /// <summary>Milliseconds of a step.</summary>
    public double Time(double seconds, string network) => Run(seconds, network, _ => { });

    /// <summary>
    /// Why the peer may not be compared with; <see langword="null"/> where nothing speaks against it. Debian's PyTorch
    /// takes whatever BLAS there is, and that of the distribution's base, the reference implementation, is 14 times
    /// slower in products of matrices. What PyTorch says of its build does not tell, so the libraries that are mapped
    /// while it runs are looked at.
    /// </summary>
    public string? Problem(string network)
    {
        var mapped = new HashSet<string>(StringComparer.Ordinal);
        Run(0.2, network, process => mapped.UnionWith(Libraries(process)));
        return ReferenceBlas(mapped) is { } blas
            ? $"The peer computes with {blas}, the reference BLAS: a comparison with it counts for nothing. Install a "
                + "fast one: apt-get install python3-torch libopenblas0-pthread"
            : null;
    }

    private static string? ReferenceBlas(IReadOnlyCollection<string> libraries) => libraries.Any(
        path => Fast().IsMatch(path))
        ? null
        : libraries.FirstOrDefault(path => Path.GetFileName(path).StartsWith("libblas.so", StringComparison.Ordinal));

    private double Run(double seconds, string network, Action<int> whileItRuns)
    {
        var parts = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(
            parts[0],
            [.. parts[1..], seconds.ToString(CultureInfo.InvariantCulture), network])
        { RedirectStandardOutput = true };
        start.Environment["NT"] = start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var reading = process.StandardOutput.ReadToEndAsync();
        do
        {
            whileItRuns(process.Id);
        }
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(50)));

        var match = Milliseconds().Match(reading.Result);
        if (!match.Success)
        {
            throw new InvalidOperationException($"The peer did not print med_ms but: {reading.Result}");
        }

        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    // Of the process and those it has started, such as by a script; Linux only.
    private static IEnumerable<string> Libraries(int process)
    {
        string folder = $"/proc/{process}";
        try
        {
            var mapped = File.ReadLines($"{folder}/maps")
                .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length == 6)
                .Select(fields => fields[5]);
            var children = File.ReadAllText($"{folder}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. mapped, .. children.SelectMany(child => Libraries(int.Parse(child, CultureInfo.InvariantCulture)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or this is another system.
            return [];
        }
    }

    [GeneratedRegex(@"med_ms ([\d.]+)")]
    private static partial Regex Milliseconds();

    [GeneratedRegex("/(lib)?(openblas|mkl_|blis|[st]?atlas)")]
    private static partial Regex Fast();
}

using System.Globalization;
using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Sweeps;

/// <summary>What is given after a sweep's name: <c>--samplers random,tpe --seeds 40 --trials 100 --first-seed 1</c>,
/// and where the result goes: <c>--out FILE</c>, or <c>--record</c> for the file beside the sweeps. Without either
/// nothing is written.</summary>
internal sealed class SweepOptions
{
    private const string Record = "record", Out = "out";

    private readonly Dictionary<string, string> given = [];

    /// <param name="sweep">The sweep's name.</param>
    /// <param name="args">What was given after it.</param>
    /// <param name="known">The options with a value that the sweep has, besides <c>out</c>.</param>
    /// <exception cref="ArgumentException">An option is not known, lacks its value, or stands twice.</exception>
    public SweepOptions(string sweep, string[] args, params string[] known)
    {
        Sweep = sweep;
        string[] names = [.. known, Out, Record];
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!names.Contains(name))
            {
                throw new ArgumentException($"{sweep} has no option '{args[i]}'; it has {string.Join(", ", names.Select(n => $"--{n}"))}.");
            }

            if (name != Record && i + 1 == args.Length)
            {
                throw new ArgumentException($"option --{name} needs a value after it.");
            }

            if (!given.TryAdd(name, name == Record ? "" : args[++i]))
            {
                throw new ArgumentException($"option --{name} stands twice; give it once.");
            }
        }

        if (given.ContainsKey(Record) && given.ContainsKey(Out))
        {
            throw new ArgumentException("give --record or --out, not both.");
        }

        // Unknown samplers and settings are refused before anything runs.
        Samplers.ToList().ForEach(s => RecordCheck.Require(Sampler(s, 1), s));
    }

    public string Sweep { get; }

    /// <summary>Whether the result replaces the recorded one.</summary>
    public bool IsRecord => given.ContainsKey(Record);

    /// <summary>The file to write to, if any was named.</summary>
    public string? File => given.GetValueOrDefault(Out);

    public IReadOnlyList<string> Samplers => Text("samplers", "random,tpe").Split(',', StringSplitOptions.TrimEntries);

    public int FirstSeed => Whole("first-seed", 1);

    /// <summary>One run a core; no more threads than that are of use, as nothing waits.</summary>
    public ParallelOptions Parallel => new() { MaxDegreeOfParallelism = Whole("parallel", Environment.ProcessorCount) };

    /// <exception cref="ArgumentException">It is no whole number of 1 or more.</exception>
    public int Whole(string name, int unless)
    {
        if (!given.TryGetValue(name, out var text))
        {
            return unless;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number <= 0)
        {
            throw new ArgumentException($"option --{name} must be a whole number of 1 or more but is '{text}'.");
        }

        return number;
    }

    public string Text(string name, string unless) => given.GetValueOrDefault(name, unless);

    /// <summary>A sampler of the catalog, by name, or with settings as JSON values:
    /// <c>tpe(multivariate=false;candidates=48)</c>.</summary>
    public static Sampler Sampler(string name, int seed)
    {
        var parts = name.TrimEnd(')').Split('(', ';');
        var settings = parts.Skip(1).Select(p => p.Split('=')).Select(p => $",{JsonSerializer.Serialize(p[0])}:{p[1]}");
        return RecordJson.Deserialize<Sampler>(
            $"{{\"type\":{JsonSerializer.Serialize(SearchCatalogs.Samplers.Find(parts[0]).Name)}"
                + $"{string.Concat(settings)}}}") with
        { Seed = seed };
    }

    /// <summary>Runs a study to its end.</summary>
    public static IReadOnlyList<double> Values(string sampler, int seed, int trials, Goal goal, Func<Trial, double> objective)
    {
        using var study = Study.InMemory("sweep", goal, Sampler(sampler, seed));
        study.Optimize(objective, trials);
        return [.. study.Trials.Select(t => t.Value)];
    }
}

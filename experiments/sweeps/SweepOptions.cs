using System.Globalization;
using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Samplers;

namespace MlNetDl.Sweeps;

/// <summary>What is given after a sweep's name: <c>--samplers random,tpe --seeds 40 --trials 100 --first-seed 1 --out FILE</c>.</summary>
internal sealed class SweepOptions
{
    private readonly Dictionary<string, string> given = [];

    public SweepOptions(string[] args)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new ArgumentException($"expected --option value but got '{args[i]}'.");
            }

            given[args[i][2..]] = args[i + 1];
        }
    }

    public IReadOnlyList<string> Samplers => Text("samplers", "random,tpe").Split(',', StringSplitOptions.TrimEntries);

    public int FirstSeed => Whole("first-seed", 1);

    /// <summary>One run a core; no more threads than that are of use, as nothing waits.</summary>
    public ParallelOptions Parallel => new() { MaxDegreeOfParallelism = Whole("parallel", Environment.ProcessorCount) };

    public int Whole(string name, int unless) => int.Parse(Text(name, unless.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public string Text(string name, string unless) => given.GetValueOrDefault(name, unless);

    /// <summary>A sampler of the catalogue, by name, or with settings as JSON values: <c>tpe(multivariate=false;candidates=48)</c>.</summary>
    public static Sampler Sampler(string name, int seed)
    {
        var parts = name.TrimEnd(')').Split('(', ';');
        var settings = parts.Skip(1).Select(p => p.Split('=')).Select(p => $",{JsonSerializer.Serialize(p[0])}:{p[1]}");
        return RecordJson.Deserialize<Sampler>($"{{\"type\":{JsonSerializer.Serialize(SearchCatalogues.Samplers.Find(parts[0]).Name)}{string.Concat(settings)}}}") with { Seed = seed };
    }

    /// <summary>Runs a study to its end.</summary>
    public static IReadOnlyList<double> Values(string sampler, int seed, int trials, Direction direction, Func<Trial, double> objective)
    {
        using var study = Study.InMemory("sweep", direction, Sampler(sampler, seed));
        study.Optimize(objective, trials);
        return [.. study.Trials.Select(t => t.Value)];
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using MathNet.Numerics.Statistics;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Sweeps.Overhead;

/// <summary>What a sampler costs: milliseconds of processor time a trial of a study in memory as it grows,
/// and of the clock for one proposal in studies up to 100,000 trials. Medians over rounds in which samplers
/// take turns (<see cref="Rounds"/>).</summary>
internal static class OverheadSweep
{
    private static readonly SearchSpace Space = SearchSpace.Of(
        ("rate", new LogUniform(1e-6, 1)),
        ("momentum", new Uniform(0, 1)),
        ("width", new Integer(8, 256, Log: true)),
        ("depth", new Integer(0, 10)),
        ("optimizer", Choice.Of("sgd", "adam", "rms", "lion")));

    private static readonly int[] Sizes = [1000, 10_000, 100_000];

    public static void Run(string[] args)
    {
        var options = new SweepOptions("overhead", args, "samplers", "rounds");
        var samplers = options.Samplers;
        var sources = Array.ConvertAll(Sizes, Trials);
        double[][] medians = Rounds.Medians(samplers.Count, options.Whole("rounds", 5), (i, round) =>
        {
            var (early, late) = Growing(samplers[i], round);
            var proposals = Array.ConvertAll(sources, s => Proposal(samplers[i], s));
            return [early, late, .. proposals.Select(p => p.Later), proposals[^1].First];
        });
        var results = new JsonObject();
        Console.WriteLine("| sampler | trials 0–100 | trials 900–1000 | proposal at 1,000 | at 10,000 | at 100,000 | "
            + "first proposal at 100,000 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (sampler, times) in samplers.Zip(medians))
        {
            Console.WriteLine($"| {sampler} | {string.Join(" | ", times.Select(t => $"{t:G3} ms"))} |");
            results[sampler] = new JsonArray([.. times.Select(t => (JsonNode)Math.Round(t, 4))]);
        }

        ResultFile.Write(options, new()
        {
            ["columns"] = new JsonArray(
                "msProcessorTrials0To100",
                "msProcessorTrials900To1000",
                "msProposalAt1000",
                "msProposalAt10000",
                "msProposalAt100000",
                "msFirstProposalAt100000"),
            ["samplers"] = results,
        });
    }

    private static (double Early, double Late) Growing(string sampler, int seed)
    {
        using var study = Study.InMemory("overhead", new StudyOptions { Sampler = SweepOptions.Sampler(sampler, seed), Space = Space });
        double Until(int trials)
        {
            var before = Environment.CpuUsage.TotalTime;
            study.Optimize(Value, trials);
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / 100;
        }

        double early = Until(100);
        Until(900);
        return (early, Until(1000));
    }

    private static IReadOnlyList<TrialRecord> Trials(int count)
    {
        using var source = Study.InMemory("overhead", new StudyOptions { Sampler = SweepOptions.Sampler("random", 1), Space = Space });
        source.Optimize(Value, count);
        return source.Trials;
    }

    // The history is new, so that the first proposal reads it all.
    private static (double Later, double First) Proposal(string sampler, IReadOnlyList<TrialRecord> trials)
    {
        var next = new TrialRecord { Number = trials.Count, State = TrialState.Running };
        var history = History.Of([.. trials, next], space: Space);
        var proposer = SweepOptions.Sampler(sampler, 1);
        var space = Space.Parameters.ToDictionary(p => p.Name, p => p.Distribution);
        double Once()
        {
            var watch = Stopwatch.StartNew();
            var together = proposer.SampleJointly(history, next, space);
            foreach (var (name, distribution) in space)
            {
                if (!together.ContainsKey(name))
                {
                    proposer.Sample(history, next, name, distribution);
                }
            }

            return watch.Elapsed.TotalMilliseconds;
        }

        double first = Once();
        return (Enumerable.Range(0, 10).Select(_ => Once()).Median(), first);
    }

    private static double Value(Trial trial) =>
        trial.Record.Numbers.Sum(n => Math.Pow(trial.Record.Distributions[n.Key].ToUnit(n.Value) - 0.3, 2));
}

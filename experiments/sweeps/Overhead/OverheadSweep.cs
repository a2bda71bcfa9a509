using System.Diagnostics;
using System.Text.Json.Nodes;
using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Sweeps.Overhead;

/// <summary>What a sampler costs: milliseconds a trial of a study in memory as it grows, and of one proposal in studies up to 100,000 trials.</summary>
internal static class OverheadSweep
{
    private const int Rounds = 3;

    private static readonly SearchSpace Space = SearchSpace.Of(
        ("rate", new LogUniform(1e-6, 1)),
        ("momentum", new Uniform(0, 1)),
        ("width", new Integer(8, 256, Log: true)),
        ("depth", new Integer(0, 10)),
        ("optimizer", Choice.Of("sgd", "adam", "rms", "lion")));

    public static void Run(string[] args)
    {
        var options = new SweepOptions(args);
        var results = new JsonObject();
        Console.WriteLine("| sampler | trials 0–100 | trials 900–1000 | proposal at 1,000 | at 10,000 | at 100,000 | first proposal at 100,000 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var sampler in options.Samplers)
        {
            double[] early = new double[Rounds], late = new double[Rounds];
            for (int round = 0; round < Rounds; round++)
            {
                (early[round], late[round]) = Growing(sampler, round);
            }

            // The first round compiles; of the others the quickest is the least disturbed.
            var (small, _) = Proposal(sampler, 1000);
            var (middle, _) = Proposal(sampler, 10_000);
            var (large, first) = Proposal(sampler, 100_000);
            double[] times = [early.Skip(1).Min(), late.Skip(1).Min(), small, middle, large, first];
            Console.WriteLine($"| {sampler} | {string.Join(" | ", times.Select(t => $"{t:G3} ms"))} |");
            results[sampler] = new JsonArray([.. times.Select(t => (JsonNode)Math.Round(t, 4))]);
        }

        ResultFile.Write(options, "overhead", new()
        {
            ["columns"] = new JsonArray("msTrials0To100", "msTrials900To1000", "msProposalAt1000", "msProposalAt10000", "msProposalAt100000", "msFirstProposalAt100000"),
            ["samplers"] = results,
        });
    }

    private static (double Early, double Late) Growing(string sampler, int seed)
    {
        using var study = Study.InMemory("overhead", new StudyOptions { Sampler = SweepOptions.Sampler(sampler, seed), Space = Space });
        double Until(int trials)
        {
            var watch = Stopwatch.StartNew();
            study.Optimize(Value, trials);
            return watch.Elapsed.TotalMilliseconds / 100;
        }

        double early = Until(100);
        Until(900);
        return (early, Until(1000));
    }

    private static (double Later, double First) Proposal(string sampler, int trials)
    {
        using var source = Study.InMemory("overhead", new StudyOptions { Sampler = SweepOptions.Sampler("random", 1), Space = Space });
        source.Optimize(Value, trials);
        var next = new TrialRecord { Number = trials, State = TrialState.Running };
        var history = History.Of([.. source.Trials, next], space: Space);
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
        return (Enumerable.Range(0, 10).Min(_ => Once()), first);
    }

    private static double Value(Trial trial) => trial.Record.Numbers.Sum(n => Math.Pow(trial.Record.Distributions[n.Key].ToUnit(n.Value) - 0.3, 2));
}

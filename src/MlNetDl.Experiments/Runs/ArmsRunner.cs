using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Search.Statistics;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Trains the arms of an experiment with the same seeds, and sets them beside each other. The first is the one
/// that the others are compared with.</summary>
/// <param name="run">The run's folder; each arm has one of its own below it, and each seed one below that.</param>
/// <param name="callbacks">Take part in training.</param>
internal sealed class ArmsRunner(RunFolder run, IReadOnlyList<Callback> callbacks)
{
    private readonly Dictionary<string, LoadedData> loaded = [];

    /// <summary>Trains what was not trained yet, and compares.</summary>
    public RunResult Run(Experiment experiment, CancellationToken stop)
    {
        var arms = new ArmExperiments(experiment);
        IReadOnlyList<int> seeds = experiment.Seeds.Count > 0 ? experiment.Seeds : [experiment.Training.Seed!.Value];
        var results = arms.Names.ToDictionary(name => name, _ => new List<RunResult>());
        foreach (int seed in seeds)
        {
            var runs = new Dictionary<string, ArmRun>();
            foreach (var name in arms.Names)
            {
                var path = Path.Combine(run[name], $"seed-{seed}");
                foreach (var callback in callbacks)
                {
                    callback.Message($"arm {name}, seed {seed}");
                }

                var result = Trained(arms.Of(name, runs), path, seed, stop);
                results[name].Add(result);
                runs.Add(name, new(Path.Combine(path, SeedRun.Model), result));
            }
        }

        var ledger = CompressionLedger.Measure(
            [.. arms.Names.Select(name => (name, ModelFile.Read(Path.Combine(run[name], $"seed-{seeds[0]}", SeedRun.Model))))]);
        return Told(experiment, seeds, results, ledger);
    }

    private RunResult Trained(Experiment arm, string path, int seed, CancellationToken stop)
    {
        var file = Path.Combine(path, "result.json");
        if (RunResult.FromFile(file, "Delete it, and the same command trains this arm anew.") is { } before)
        {
            return before;
        }

        var key = arm.Task is null ? "" : RecordJson.Serialize(arm.Task);
        if (!loaded.TryGetValue(key, out var data))
        {
            loaded[key] = data = arm.Data.Read(arm.Task);
            data.Tell(callbacks, run.DataWarning);
        }

        var result = new SeedRun(arm, data, path, seed) { Callbacks = callbacks, Parts = [DataPart.Train, DataPart.Test] }.Run(stop);
        ExperimentRunner.Finish(path, result);
        return result;
    }

    private RunResult Told(
        Experiment experiment, IReadOnlyList<int> seeds, Dictionary<string, List<RunResult>> results, CompressionLedger measured)
    {
        var metric = experiment.Task?.EvaluationMetrics[0];
        var baseline = results[measured.Rows[0].Name];
        var rows = new List<LedgerRow>();
        var told = new OrderedDictionary<string, ArmResult>();
        foreach (var row in measured.Rows)
        {
            var own = results[row.Name];
            var summary = own.Count == 1 ? own[0] : SeedSummary.Of(own, SeedRun.Model);
            var full = row with
            {
                Metrics = summary.Metrics.Test,
                StandardDeviations = summary.StandardDeviations?.Test ?? new Dictionary<string, double>(),
                Seeds = own.Count,
                Comparison = metric is null || own.Count < 2 || ReferenceEquals(own, baseline) ? null
                    : Comparison.Of(row.Name, Values(own, metric), measured.Rows[0].Name, Values(baseline, metric), metric.Goal).ToString(),
            };
            rows.Add(full);
            told.Add(row.Name, new(summary.Metrics, full)
            {
                StandardDeviations = summary.StandardDeviations,
                Values = metric is null ? [] : Values(own, metric),
                Epochs = own[0].Epochs,
                Seconds = Math.Round(own.Sum(r => r.Seconds), 2),
            });
        }

        var ledger = new CompressionLedger(rows);
        AtomicFile.WriteText(run["ledger.csv"], ledger.ToCsv());
        AtomicFile.WriteText(run["ledger.json"], ledger.ToJson());
        var first = told.Values.First();
        return baseline[0] with
        {
            Seeds = seeds,
            Metrics = first.Metrics,
            StandardDeviations = first.StandardDeviations,
            Seconds = Math.Round(told.Values.Sum(a => a.Seconds), 2),
            Budget = experiment.Budget,
            Model = $"{rows[0].Name}/seed-{seeds[0]}/{SeedRun.Model}",
            Arms = told,
        };
    }

    private static double[] Values(IEnumerable<RunResult> runs, Metric metric) => [.. runs.Select(r => r.Metrics.Test[metric.FigureName])];
}

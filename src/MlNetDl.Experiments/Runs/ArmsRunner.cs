using System.Globalization;
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Search.Statistics;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Trains the arms of an experiment with the same seeds, and sets them beside each other. Where an arm does not
/// say with which other it is compared, it is with the first.</summary>
/// <param name="run">The run's folder; each arm has one of its own below it, and each seed one below that.</param>
/// <param name="callbacks">Take part in training.</param>
/// <param name="read">Reads the data of an arm.</param>
internal sealed class ArmsRunner(RunFolder run, IReadOnlyList<Callback> callbacks, Func<Experiment, LoadedData> read)
{
    private const string ResultFile = "result.json";

    private readonly Dictionary<string, LoadedData> loaded = [];

    /// <summary>Trains what was not trained yet, and compares.</summary>
    /// <exception cref="ArmsFailedException">Arms could not be trained; the others are trained and compared.</exception>
    public RunResult Run(Experiment experiment, CancellationToken stop)
    {
        var arms = new ArmExperiments(experiment);
        IReadOnlyList<int> seeds = experiment.Seeds.Count > 0 ? experiment.Seeds : [experiment.Training.Seed!.Value];
        foreach (var name in arms.Names.Where(n => !File.Exists(Path.Combine(PathOf(n, seeds[0]), ResultFile))))
        {
            Check(arms, name, stop);
        }

        var results = arms.Names.ToDictionary(name => name, _ => new List<RunResult>());
        var failed = new OrderedDictionary<string, string>();
        foreach (int seed in seeds)
        {
            var runs = new Dictionary<string, ArmRun>();
            foreach (var name in arms.Names.Where(n => !failed.ContainsKey(n)))
            {
                if (arms.Needs(name).FirstOrDefault(failed.ContainsKey) is { } missing)
                {
                    failed[name] = $"needs the arm {missing}";
                    continue;
                }

                Tell($"arm {name}, seed {seed}");
                try
                {
                    var start = arms.StartOf(name) is { } other ? runs[other] : null;
                    var result = Trained(name, arms.Of(name, runs), PathOf(name, seed), seed, start, stop);
                    results[name].Add(result);
                    runs.Add(name, new(ModelFileOf(name, seed), result));
                }
                catch (Exception e) when (e is TrainingDivergedException or ArgumentException && name != arms.Names[0])
                {
                    failed[name] = $"seed {seed}: {e.Message}";
                    Tell($"warning: the arm {name} is left out: {e.Message}");
                }
            }
        }

        var trained = arms.Names.Where(n => !failed.ContainsKey(n)).ToList();
        var ledger = CompressionLedger.Measure(
            [.. trained.Select(name => (name, ModelFile.Read(ModelOf(name))))], rows: [.. trained.Select(name => TimedRows(experiment, ModelOf(name)))]);
        var rows = Agreeing(experiment, ledger.Rows, Other, ModelOf).Select(r => Compared(experiment, Other(r.Name), r, results))
            .Select(r => r with { Size = ModelSize.Mean([.. seeds.Select(s => ModelSize.Of(ModelFile.Read(ModelFileOf(r.Name, s))))]) });
        var told = Told(experiment, seeds, results, new([.. rows]));
        return failed.Count == 0 ? told : throw new ArmsFailedException(run.Path, failed);

        string? Other(string name) => arms.ComparedWith(name) is { } other && !failed.ContainsKey(other) ? other : null;
        string ModelOf(string name) => ModelFileOf(name, seeds[0]);
    }

    // Rows of the test part: where rows leave a network early, its time depends on them.
    private float[] TimedRows(Experiment experiment, string model)
    {
        if (experiment.Task is null || !Equals(ModelFile.Read(model).Manifest.Task, experiment.Task))
        {
            return [];
        }

        var chain = SavedModel.Load(model).Chain;
        return Data(experiment).TimedRows(chain.Model, chain.Network);
    }

    private string ModelFileOf(string name, int seed) => Path.Combine(PathOf(name, seed), SeedRun.Model);

    private string PathOf(string name, int seed) => Path.Combine(run[name], string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    private void Tell(string text)
    {
        foreach (var callback in callbacks)
        {
            callback.Message(text);
        }
    }

    // How often arms predict the same class as those that they are compared with, with the first seed.
    private List<LedgerRow> Agreeing(
        Experiment experiment, IReadOnlyList<LedgerRow> rows, Func<string, string?> otherOf, Func<string, string> modelOf)
    {
        if (experiment.Task is not { } task)
        {
            return [.. rows];
        }

        var data = Data(experiment);
        var classes = rows.ToDictionary(
            r => r.Name,
            r => ModelFile.Read(modelOf(r.Name)).Manifest is { } manifest && Equals(manifest.Task, task)
                ? SavedModel.Load(modelOf(r.Name)).Judge(data, []).Classes
                : null);
        return [.. rows.Select(row => otherOf(row.Name) is { } other && classes[row.Name] is { } own && classes[other] is { } first
            ? row with { Agreement = Agreement.Of(other, own.Predicted, first.Predicted, own.Truth) }
            : row)];
    }

    private static LedgerRow Compared(Experiment experiment, string? other, LedgerRow row, Dictionary<string, List<RunResult>> results)
    {
        var own = results[row.Name];
        return experiment.Task?.EvaluationMetrics[0] is { } metric && own.Count > 1 && other is not null
                && Values(own.Concat(results[other]), metric).All(double.IsFinite)
            ? row with { Comparison = Comparison.Of(row.Name, Values(own, metric), other, Values(results[other], metric), metric.Goal).ToString() }
            : row;
    }

    // A mistake in the last arm is not to cost the trainings of those before it: each goes up to its first step.
    private void Check(ArmExperiments arms, string name, CancellationToken stop)
    {
        if (arms.Checkable(name) is not { } planned)
        {
            return;
        }

        using var begun = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var (_, network) = Data(planned).Fit(new MLContext(planned.Training.Seed), new()
            {
                Network = planned.Network,
                Training = planned.Training,
                Callbacks = [new StopAtTheStart(begun)],
                Stop = begun.Token,
            });
            network.Dispose();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It could begin.
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidDataException)
        {
            throw new ConfigurationException($"arms.{name}", e.Message.Split(" (Parameter '")[0], e);
        }
    }

    private RunResult Trained(string name, Experiment arm, string path, int seed, ArmRun? start, CancellationToken stop)
    {
        var file = Path.Combine(path, ResultFile);
        if (RunResult.FromFile(file, "Delete it, and the same command trains this arm anew.") is { } before)
        {
            return before;
        }

        var data = Data(arm);
        var result = new SeedRun(arm, data, path, seed)
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{arm.Name}: {name}, seed {seed}"),
            Callbacks = callbacks,
            Parts = [DataPart.Train, DataPart.Test],
            ContinueFrom = start is null ? null : SavedModel.Load(start.Model),
        }.Run(stop);
        // What it took to get there counts too.
        result = result with { Epochs = result.Epochs + (start?.Result?.Epochs ?? 0) };
        ExperimentRunner.Finish(path, result);
        return result;
    }

    private LoadedData Data(Experiment arm)
    {
        var key = arm.Task is null ? "" : RecordJson.Serialize(arm.Task);
        if (!loaded.TryGetValue(key, out var data))
        {
            loaded[key] = data = read(arm);
            data.Tell(callbacks, run.DataWarning);
        }

        return data;
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
                Metrics = UndefinedFigures.Without(summary.Metrics.Test),
                StandardDeviations = UndefinedFigures.Without(summary.StandardDeviations?.Test ?? new Dictionary<string, double>()),
                Seeds = own.Count,
                Epochs = own[0].Epochs,
            };
            rows.Add(full);
            told.Add(row.Name, new(summary.Metrics, full)
            {
                StandardDeviations = summary.StandardDeviations,
                Values = metric is not null && Values(own, metric) is { } values && values.All(double.IsFinite) ? values : [],
                Epochs = own[0].Epochs,
                Seconds = Math.Round(own.Sum(r => r.Seconds), 2),
                DataSeconds = Math.Round(own.Sum(r => r.DataSeconds), 2),
            });
        }

        LedgerFiles.Write(run.Path, new(rows), new()
        {
            Title = experiment.Name,
            Metric = metric,
            Notes = experiment.Description is { } text ? [text] : [],
        });
        var first = told.Values.First();
        return baseline[0] with
        {
            Seeds = seeds,
            Metrics = first.Metrics,
            StandardDeviations = first.StandardDeviations,
            Seconds = Math.Round(told.Values.Sum(a => a.Seconds), 2),
            DataSeconds = Math.Round(told.Values.Sum(a => a.DataSeconds), 2),
            Budget = experiment.Budget,
            Model = $"{rows[0].Name}/seed-{seeds[0]}/{SeedRun.Model}",
            Arms = told,
        };
    }

    private static double[] Values(IEnumerable<RunResult> runs, Metric metric) =>
        [.. runs.Select(r => r.Metrics.Test.GetValueOrDefault(metric.FigureName, double.NaN))];

    private sealed class StopAtTheStart(CancellationTokenSource begun) : Callback
    {
        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => begun.Cancel();
    }
}

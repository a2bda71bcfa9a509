using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MlNetDl.Files;
using MlNetDl.MlNet;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Runs an experiment into a folder; a run that was interrupted continues, one that is done
/// is only reported.</summary>
/// <param name="folder">Where the run lives.</param>
/// <param name="callbacks">Take part in training.</param>
public sealed class ExperimentRunner(string folder, params IReadOnlyList<Callback> callbacks)
{
    /// <summary>Runs.</summary>
    /// <exception cref="RunFolderConflictException">The folder holds another run, or one on data that
    /// has changed since.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; a
    /// checkpoint is kept.</exception>
    public RunResult Run(Experiment experiment, CancellationToken stop = default)
    {
        // Written out, so that a run says what it was trained with, and the same seed named or not is the same run.
        experiment = experiment with
        {
            Training = experiment.Training with { Seed = experiment.Training.Seed ?? TrainingOptions.DefaultSeed },
        };
        var run = Open(experiment);
        if (run.Result is { } done)
        {
            return done;
        }

        ScratchFolder.Check("Saving a model");
        var data = experiment.Data.Read(experiment.Task);
        AtomicFile.WriteText(run["environment.json"], JsonSerializer.Serialize(EnvironmentInfo.Current(), RunResult.Json));
        foreach (var callback in callbacks)
        {
            callback.Message(data.Description);
            foreach (var warning in data.Warnings)
            {
                callback.Message($"warning: {warning}");
            }
        }

        if (experiment.Seeds.Count == 0)
        {
            var single = RunSeed(experiment, data, run.Path, experiment.Training.Seed!.Value, stop);
            Finish(run.Path, single);
            return single;
        }

        var results = new List<RunResult>();
        foreach (int seed in experiment.Seeds)
        {
            foreach (var callback in callbacks)
            {
                callback.Message($"seed {seed}, {results.Count + 1} of {experiment.Seeds.Count}");
            }

            var path = run[$"seed-{seed}"];
            var before = Path.Combine(path, "result.json");
            var result = File.Exists(before) ? RunResult.FromJson(File.ReadAllText(before)) : RunSeed(experiment, data, path, seed, stop);
            Finish(path, result);
            results.Add(result);
        }

        var summary = Summary(experiment, results);
        AtomicFile.WriteText(run["result.json"], summary.ToJson());
        return summary;
    }

    private RunFolder Open(Experiment experiment)
    {
        try
        {
            return RunFolder.Open(folder, experiment);
        }
        catch (RunFolderConflictException)
        {
            // A misspelt column is the cause then, and the other configuration only what comes of it.
            experiment.Data.Question(experiment.Task);
            throw;
        }
    }

    private RunResult RunSeed(Experiment experiment, LoadedData data, string path, int seed, CancellationToken stop)
    {
        Directory.CreateDirectory(path);
        string File(string name) => Path.Combine(path, name);
        var ml = new MLContext(seed);
        var options = new NeuralNetworkOptions
        {
            Network = experiment.Network,
            Training = experiment.Training with { Seed = seed },
            CheckpointPath = File("checkpoint"),
            Stop = stop,
            Callbacks = [new MetricsFile(File("metrics.jsonl")), .. callbacks],
        };
        var (model, network) = data.Fit(ml, options);
        using (network)
        {
            var report = network.TrainingReport!;
            ml.Model.SaveAtomically(model, data.InputSchema(ml), File("model.zip"));
            network.ExportOnnx(File("model.onnx"));
            var kept = report.Epochs[report.Restored ? report.BestEpoch - 1 : ^1];
            var result = new RunResult
            {
                Name = experiment.Name,
                Seeds = [seed],
                Budget = experiment.Budget,
                Seconds = Math.Round(network.TrainingReports.Sum(r => r.Seconds), 2),
                Epochs = network.TrainingReports.Sum(r => r.Epochs.Count),
                Model = "model.zip",
                Parameters = network.ParameterCount,
                Environment = EnvironmentInfo.Current(),
                Metrics = new(
                    Figures(DataPart.Train) ?? kept.Training,
                    kept.Validation,
                    Figures(DataPart.Test) ?? new Dictionary<string, double>()),
            };
            return result;

            // Without labels there is no truth to compare outputs with, so only figures of training and validation are
            // reported.
            IReadOnlyDictionary<string, double>? Figures(DataPart part)
            {
                if (experiment.Task is not { } task)
                {
                    return null;
                }

                var (scores, targets) = data.Score(model, network, part);
                return ScoreMetrics.Of(task, scores, targets, network.Package.Manifest.Outputs, experiment.Training.Metrics);
            }
        }
    }

    // In this order: without its checkpoint, a run without a result would start anew.
    private static void Finish(string path, RunResult result)
    {
        AtomicFile.WriteText(Path.Combine(path, "result.json"), result.ToJson());
        foreach (var checkpoint in Directory.EnumerateFiles(path, "checkpoint*"))
        {
            File.Delete(checkpoint);
        }
    }

    private static RunResult Summary(Experiment experiment, List<RunResult> results) => results[^1] with
    {
        Seeds = [.. experiment.Seeds],
        Seconds = Math.Round(results.Sum(r => r.Seconds), 2),
        Model = $"seed-{experiment.Seeds[0]}/model.zip",
        Metrics = Each(results, values => values.Average()),
        StandardDeviations = Each(results, Deviation),
    };

    private static double Deviation(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return values.Distinct().Count() < 2 ? 0 : Math.Sqrt(values.Sum(v => Math.Pow(v - mean, 2)) / (values.Count - 1));
    }

    private static RunMetrics Each(List<RunResult> results, Func<IReadOnlyList<double>, double> figure)
    {
        return new(Part(m => m.Train), Part(m => m.Validation), Part(m => m.Test));

        Dictionary<string, double> Part(Func<RunMetrics, IReadOnlyDictionary<string, double>> part) =>
            part(results[0].Metrics).Keys.ToDictionary(name => name, name => figure([.. results.Select(r => part(r.Metrics)[name])]));
    }

    /// <summary>One JSON line an epoch. The second fit of a training's stages writes <c>metrics.2.jsonl</c>, and so on.
    /// A run that continues begins with the epochs of its checkpoint; later epochs are trained and written
    /// again.</summary>
    private sealed class MetricsFile(string path) : Callback
    {
        private static readonly JsonSerializerOptions Lines = new(RunResult.Json) { WriteIndented = false };
        private int fits;

        private string Current => fits == 1
            ? path
            : Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $".{fits}.jsonl"));

        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
        {
            fits++;
            AtomicFile.WriteText(Current, string.Concat(done.Select(Line)));
        }

        public override bool EpochEnded(EpochReport epoch)
        {
            System.IO.File.AppendAllText(Current, Line(epoch));
            return true;
        }

        private static string Line(EpochReport epoch) => JsonSerializer.Serialize(epoch, Lines) + "\n";
    }
}

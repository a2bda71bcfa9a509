using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>One training of an experiment, with one seed, into a folder.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="data">Its data.</param>
/// <param name="path">The folder; it is made.</param>
/// <param name="seed">The seed.</param>
internal sealed class SeedRun(Experiment experiment, LoadedData data, string path, int seed)
{
    /// <summary>The checkpoint's file.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The model's file.</summary>
    public const string Model = "model.zip";

    /// <summary>The model's name on pages; the experiment's by default.</summary>
    public string Name { get; init; } = experiment.Name;

    /// <summary>Take part in training.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>The checkpoint of another training to go on from; by default the training begins anew.</summary>
    public string? StartCheckpoint { get; init; }

    /// <summary>The model that the stages go on from; by default the network begins with fresh weights.</summary>
    public SavedModel? ContinueFrom { get; init; }

    /// <summary>The parts that the trained model is judged by. Without the training part, its figures are those of the
    /// epoch.</summary>
    public IReadOnlyList<DataPart> Parts { get; init; } = [];

    /// <summary>Whether a model that makes rows leaves pictures of them; yes by default. Trials of a search have too many.</summary>
    public bool ShowsSamples { get; init; } = true;

    /// <summary>Looks at the trained network while it is there; its result is kept in
    /// <see cref="RunResult.Figures"/>.</summary>
    public Func<NeuralNetworkTransformer, IReadOnlyDictionary<string, double>?>? Measure { get; init; }

    /// <summary>Trains and saves. A training that was interrupted continues from its checkpoint.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; a checkpoint is
    /// kept.</exception>
    public RunResult Run(CancellationToken stop)
    {
        foreach (var judge in experiment.Judges)
        {
            judge.Check();
        }

        // Where the file was read, the data may not have been found yet.
        if (data.HasValidation && experiment.Training.ValidationFraction > 0)
        {
            throw new InvalidDataException("The data has a validation part of its own, and training.validationFraction holds rows out as well; leave "
                + "that out, or write data.validation with the share in place of it.");
        }

        Directory.CreateDirectory(path);
        string File(string name) => Path.Combine(path, name);
        var ml = new MLContext(seed);
        var options = new NeuralNetworkOptions
        {
            Network = ContinueFrom is null ? experiment.Network : null,
            Training = experiment.Training with { Seed = seed },
            CheckpointPath = File(Checkpoint),
            StartCheckpoint = StartCheckpoint,
            Stop = stop,
            Callbacks =
            [
                new MetricsFile(File("metrics.jsonl")),
                .. ShowsSamples ? [new EpochSheets(File("samples"))] : (Callback[])[],
                .. Callbacks,
            ],
        };
        var (model, network) = ContinueFrom is { } start ? data.Continue(ml, start.Chain.Model, options) : data.Fit(ml, options);
        using (network)
        {
            var kept = network.Package.Manifest.Training!;
            ml.Model.SaveAtomically(model, data.InputSchema(ml), File(Model));
            OnnxFiles.Write(path, network);
            QuantizationPage.Write(path, Name, network.Package, Tell);
            PcaPage.Write(path, Name, network.Package, () => data.TestRows(model, network, GenerationPage.MostRows), Tell);
            KMeansPage.Write(path, Name, network.Package, Tell);
            if (ShowsSamples)
            {
                GenerationPage.Write(path, Name, network.Package, () => data.TestRows(model, network, GenerationPage.MostRows), Tell);
            }

            ScoreReport? report = null;
            return new RunResult
            {
                Name = experiment.Name,
                Seeds = [seed],
                Budget = experiment.Budget,
                Seconds = Math.Round(network.TrainingReports.Sum(r => r.Seconds), 2),
                DataSeconds = Math.Round(network.TrainingReports.Sum(r => r.DataSeconds), 2),
                Epochs = network.TrainingReports.Sum(r => r.Epochs.Count),
                Model = Model,
                Parameters = network.ParameterCount,
                Environment = EnvironmentInfo.Current(),
                Figures = Measure?.Invoke(network),
                Metrics = new(
                    Figures(DataPart.Train) ?? kept.Training,
                    kept.Validation,
                    WithJudged(Figures(DataPart.Test) ?? new Dictionary<string, double>())),
                // In this order: the figures of the test part make it.
                Report = report,
            };

            IReadOnlyDictionary<string, double> WithJudged(IReadOnlyDictionary<string, double> figures)
            {
                if (experiment.Judges.Count == 0 || !Parts.Contains(DataPart.Test))
                {
                    return figures;
                }

                Examples Rows(DataPart part) => data.RowsOf(model, network, part) ?? throw new InvalidDataException(
                    $"{data.GetType().Name} gives no rows of features of a known size, which judges look at; leave judges out.");
                using var judged = new JudgedModel(network, Rows(DataPart.Train), Rows(DataPart.Test), seed, stop);
                var all = new Dictionary<string, double>(figures);
                foreach (var (index, judge) in experiment.Judges.Index())
                {
                    foreach (var (name, value) in Told(index, () => judge.Figures(judged)))
                    {
                        all[judge.Name is null ? name : $"{judge.Name}.{name}"] = value;
                    }
                }

                return all;
            }

            // The training is done and kept: the same command, with another judge too, goes on from here.
            static IReadOnlyDictionary<string, double> Told(int index, Func<IReadOnlyDictionary<string, double>> figures)
            {
                try
                {
                    return figures();
                }
                catch (Exception e) when (e is ArgumentException or InvalidDataException)
                {
                    throw new InvalidDataException(
                        $"judges[{index}]: {e.Message.Split(" (Parameter '")[0]} The training is kept; correct the judge, and the same command judges it.", e);
                }
            }

            // Without labels there is no truth to compare outputs with: the training part keeps the figures of its epochs, and the test part
            // has those that need none. For anomaly detection rows of the test part count as normal then.
            IReadOnlyDictionary<string, double>? Figures(DataPart part)
            {
                bool isTest = part == DataPart.Test, hasTruth = experiment.Task is { LearnsFromLabels: true } || data.HasTruth(part);
                if (experiment.Task is not { } task || !Parts.Contains(part) || !(hasTruth || (isTest && data.TakesRowsForNormal)))
                {
                    return isTest && Parts.Contains(part) ? UnlabelledFigures.Of(experiment, data, model, network, Tell) : null;
                }

                var (scores, targets) = data.Score(model, network, part);
                var figures = ScoreMetrics.Of(task, scores, targets, network.Package.Manifest.Outputs, experiment.Training.Metrics);
                if (isTest && UndefinedFigures.Text(task, figures, scores, targets, network.Package.Manifest.Outputs, hasTruth, " of the test part")
                    is { } undefined)
                {
                    Tell(undefined);
                }

                report = isTest ? TaskReport.Of(network.Package, scores, targets, data.Lines(part)) : report;
                return figures;
            }

            void Tell(string text)
            {
                foreach (var callback in Callbacks)
                {
                    callback.Message(text);
                }
            }
        }
    }
}

using System.Globalization;
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Makes a saved model smaller and sets both beside each other, in a folder: <c>model.zip</c>, <c>model.onnx</c>,
/// <c>ledger.csv</c>, <c>ledger.json</c>, <c>ledger.html</c>, <c>result.json</c>, and <c>log.txt</c> with all messages.</summary>
/// <param name="folder">The folder. A compression that was interrupted continues, one that is done is only reported.</param>
/// <param name="callbacks">Take part in training.</param>
public sealed class ModelCompressor(string folder, params IReadOnlyList<Callback> callbacks)
{
    /// <summary>The names of the two models in the ledger.</summary>
    public const string Before = "before", After = "after";

    private readonly RunLog log = new(folder);

    private IReadOnlyList<Callback> Callbacks => [.. callbacks, log];

    /// <summary>Whether the last run found its work done already.</summary>
    public bool WasDone { get; private set; }

    /// <summary>Compresses.</summary>
    /// <param name="job">The model, the data and the stages.</param>
    /// <param name="stop">Cancels; checkpoints are kept.</param>
    /// <exception cref="ConfigurationException">The job has a problem, or the folder holds something else.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    /// <exception cref="ArgumentException">A stage does not suit the model.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; checkpoints are kept.</exception>
    public CompressionResult Run(CompressionJob job, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        RecordCheck.Require(job, "job");
        job = Located(job);
        var (model, data, teacher) = Loaded(job);
        var target = job.Target is null ? null : SizeTarget.Of(job.Target);
        var present = Directory.Exists(folder) ? null : target?.Of(model.Package);
        if (present <= target?.AtMost)
        {
            return Met(job, present);
        }

        using var held = FolderLock.Take(folder);
        var place = CompressionFolder.Open(folder, job);
        if (CompressionResult.FromFile(place[CompressionResult.File]) is { } done && (done.Model is null || File.Exists(place[done.Model])))
        {
            WasDone = true;
            return done;
        }

        return log.Begun(job.Model, () => Work(place, job, data, model, teacher, target, present, stop));
    }

    private CompressionResult Work(
        CompressionFolder place, CompressionJob job, LoadedData data, SavedModel model, SavedModel? teacher, SizeTarget? target, double? present,
        CancellationToken stop)
    {
        present = target is null ? null : Present(place, () => present ?? target.Of(model.Package));
        if (present <= target?.AtMost)
        {
            return Met(job, present);
        }

        model.MustHaveFloatWeights();
        ScratchFolder.Check("Saving a model");
        data.Tell(Callbacks, null);
        if (present is { } figure)
        {
            return Reached(place, job, data, model, teacher, figure, stop);
        }

        var (after, reports) = Compressed(model, data, job.Training with { Stages = job.Stages }, place[CompressionFolder.Checkpoint], isQuiet: false, stop);
        return Finish(place, job, data, model, teacher, after, new()
        {
            Model = SavedModel.Zip,
            Ledger = [],
            Epochs = reports.Sum(r => r.Epochs.Count),
            Seconds = Math.Round(reports.Sum(r => r.Seconds), 2),
        });
    }

    private static CompressionResult Met(CompressionJob job, double? present) => new()
    {
        Ledger = [],
        Target = job.Target,
        Present = present,
        IsMet = true,
    };

    // A time is another one at each measurement, and a search that goes on needs the one that it began with.
    private static double Present(CompressionFolder place, Func<double> measure)
    {
        var file = place[CompressionFolder.PresentFile];
        if (File.Exists(file) && double.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out double before))
        {
            return before;
        }

        double now = measure();
        AtomicFile.WriteText(file, now.ToString("R", CultureInfo.InvariantCulture));
        return now;
    }

    private CompressionResult Reached(
        CompressionFolder place, CompressionJob job, LoadedData data, SavedModel model, SavedModel? teacher, double present, CancellationToken stop)
    {
        var search = new TargetSearch(this, job, place, model, data, text =>
        {
            foreach (var callback in Callbacks)
            {
                callback.Message(text);
            }
        });
        var (best, tries) = search.Run(present, stop);
        var result = new CompressionResult
        {
            Ledger = [],
            Target = job.Target,
            Present = present,
            IsMet = best is not null,
            Tries = tries,
            Epochs = tries.Sum(t => t.Epochs),
            Seconds = Math.Round(tries.Sum(t => t.Seconds), 2),
        };
        if (best is not null)
        {
            return Finish(place, job, data, model, teacher, best, result with { Model = SavedModel.Zip });
        }

        AtomicFile.WriteText(place[CompressionResult.File], result.ToJson());
        return result;
    }

    /// <summary>The job by paths that mean the same in every folder.</summary>
    internal static CompressionJob Located(CompressionJob job) => job with
    {
        Model = Path.GetFullPath(job.Model),
        Agree = job.Agree is null ? null : Path.GetFullPath(job.Agree),
        Data = job.Data.Located(),
        Stages = [.. job.Stages.Select(s => s.WithFullPaths())],
        Training = job.Training with { Seed = job.Training.Seed ?? TrainingOptions.DefaultSeed },
    };

    /// <summary>The models and the data of a job, after a check that they suit each other.</summary>
    internal static (SavedModel Model, LoadedData Data, SavedModel? Teacher) Loaded(CompressionJob job)
    {
        var model = SavedModel.Load(job.Model);
        var task = ScoredTask.Of(model.Package.Manifest);
        var teacher = job.Agree is null ? null : SavedModel.Load(job.Agree);
        if (teacher is not null && !Equals(task, ScoredTask.Of(teacher.Package.Manifest)))
        {
            throw new InvalidDataException($"The model does {ScoredTask.NameOf(task)}, but '{job.Agree}' does "
                + $"{ScoredTask.NameOf(ScoredTask.Of(teacher.Package.Manifest))}; only models of one task can agree.");
        }

        MustAgreeOn(job, model, teacher);
        var data = job.Data.Read(task);
        data.MustSuit(model.Chain.Model);
        if (teacher is not null)
        {
            data.MustSuit(teacher.Chain.Model);
        }

        return (model, data, teacher);
    }

    // What yes means is known of images by the network, and of tables by the columns.
    private static void MustAgreeOn(CompressionJob job, SavedModel model, SavedModel? teacher)
    {
        if (teacher is null)
        {
            return;
        }

        var task = ScoredTask.Of(model.Package.Manifest);
        if (!PredictedClasses.Has(task))
        {
            throw new InvalidDataException($"'{job.Agree}' is to predict the same classes, but both models do {ScoredTask.NameOf(task)}; leave it out "
                + "(--agree), and compare their figures.");
        }

        if (Positive(model) is { } yes && Positive(teacher) is { } other && yes != other)
        {
            throw new InvalidDataException($"The model takes '{yes}' for yes, but '{job.Agree}' takes '{other}'; models that mean the same by yes can agree.");
        }

        static string? Positive(SavedModel one) => one.Package.Manifest.Label.Positive ?? TrainedTable.Of(one.Schema).Positive;
    }

    /// <summary>Applies stages to a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data.</param>
    /// <param name="training">How, with the stages.</param>
    /// <param name="checkpoint">The checkpoint's file.</param>
    /// <param name="isQuiet">Whether messages of the training are left out.</param>
    /// <param name="stop">Cancels.</param>
    internal (SavedModel Model, IReadOnlyList<TrainingReport> Reports) Compressed(
        SavedModel model, LoadedData data, TrainingOptions training, string checkpoint, bool isQuiet, CancellationToken stop)
    {
        var options = new NeuralNetworkOptions
        {
            Training = training,
            CheckpointPath = checkpoint,
            Stop = stop,
            Callbacks = isQuiet ? [.. Callbacks.Select(c => new EpochsOnly(c))] : Callbacks,
        };
        var (chain, network) = data.Continue(new MLContext(training.Seed), model.Chain.Model, options);
        return (model.With(chain, network), network.TrainingReports);
    }

    /// <summary>Judges the compressed model, and writes the folder's files.</summary>
    internal static CompressionResult Finish(
        CompressionFolder place, CompressionJob job, LoadedData data, SavedModel model, SavedModel? teacher, SavedModel after, CompressionResult result)
    {
        after.Save(new MLContext(job.Training.Seed), place.Path);
        QuantizationPage.Write(place.Path, $"{Path.GetFileNameWithoutExtension(job.Model)}, compressed", after.Package);
        var (figures, classes) = model.Judge(data, job.Training.Metrics);
        var (smaller, smallerClasses) = after.Judge(data, job.Training.Metrics);
        var agreements = new List<Agreement>();
        foreach (var (name, others) in new[] { (Before, classes), (job.Agree ?? "", teacher?.Judge(data, []).Classes) })
        {
            if (smallerClasses is not null && others is not null)
            {
                agreements.Add(Agreement.Of(name, smallerClasses.Predicted, others.Predicted, smallerClasses.Truth));
            }
        }

        var measured = CompressionLedger.Measure(
            [(Before, model.Package), (After, after.Package)],
            rows: [.. new[] { model, after }.Select(m => data.TimedRows(m.Chain.Model, m.Chain.Network))]);
        var ledger = new CompressionLedger(
        [
            measured.Rows[0] with { Metrics = UndefinedFigures.Without(figures) },
            measured.Rows[1] with { Metrics = UndefinedFigures.Without(smaller), Agreement = agreements.FirstOrDefault(a => a.With == Before) },
        ]);
        LedgerFiles.Write(place.Path, ledger, new()
        {
            Title = $"{Path.GetFileNameWithoutExtension(job.Model)}, compressed",
            Metric = ScoredTask.Of(model.Package.Manifest).EvaluationMetrics[0],
            Notes = [.. Notes(job)],
            Tries = result.Tries,
        });
        result = result with { Ledger = ledger.Rows, Agreements = agreements };
        AtomicFile.WriteText(place[CompressionResult.File], result.ToJson());
        place.Finish();
        return result;
    }

    private static IEnumerable<string> Notes(CompressionJob job) =>
    [
        $"Before: {job.Model}",
        job.Target is null
            ? $"Stages: {string.Join(", then ", job.Stages.Select(StageWords.Of))}"
            : $"Target: {job.Target}",
    ];
}

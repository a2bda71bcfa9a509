using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>Trains a neural network and makes a transformer of it. Training runs on libtorch; the transformer does not need it.</summary>
/// <remarks>Made by the catalogues: <c>ml.MulticlassClassification.Trainers.NeuralNetwork(…)</c> and its likes.</remarks>
public sealed class NeuralNetworkTrainer : IEstimator<NeuralNetworkTransformer>
{
    private readonly IHost host;
    private readonly PredictionTask task;
    private readonly NeuralNetworkOptions options;
    private readonly TrainingOptions training;
    private const string PreprocessingName = "preprocessing";

    internal NeuralNetworkTrainer(IHostEnvironment environment, PredictionTask task, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        host = environment.Register("NeuralNetwork");
        options.Validate();
        (this.task, this.options) = (task, options.Copy());
        training = options.Training with { Seed = options.Training.Seed ?? HostAccess.Seed(environment) ?? options.Training.SeedOrDefault };
    }

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <remarks>Rows with a missing label, NaN features or no image are left out and counted in the log; rows of weight 0 are left out. Data beyond the memory budget is streamed.</remarks>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no usable row, one class only, an infinite value, or a weight that is not finite or below 0.</exception>
    /// <exception cref="ShapeException">The network does not take such an input.</exception>
    /// <exception cref="TorchNotFoundException">libtorch is not there.</exception>
    public NeuralNetworkTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on <paramref name="input"/> and validates on <paramref name="validation"/>, or on a part held out where that is <see langword="null"/>.</summary>
    public NeuralNetworkTransformer Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = host.Start("Training");
        var rows = new DataViewRows(input, options, task, () => HostAccess.CheckAlive(host));
        var data = TrainingData.Of(rows, validation is null ? null : new DataViewRows(validation, options, task, () => HostAccess.CheckAlive(host)), task, training, options.Stop);
        if (data.Skipped > 0)
        {
            Warn(channel, string.Create(CultureInfo.InvariantCulture, $"{data.Skipped:N0} row{(data.Skipped == 1 ? " was left out because its" : "s were left out because their")} label or a feature is missing."));
        }

        if (data.Streams && data.ShuffleBuffer < training.ShuffleBuffer)
        {
            channel.Info(MessageSensitivity.None, "The shuffle buffer holds {0:N0} rows instead of {1:N0}, so that it keeps to its part of the memory budget of {2} MB.", data.ShuffleBuffer, training.ShuffleBuffer, training.MemoryBudgetMB);
        }

        return Fit(data, channel);
    }

    /// <summary>Trains on a set in memory, without an <see cref="IDataView"/>; images stay bytes.</summary>
    /// <param name="examples">The training set.</param>
    /// <param name="validation">The validation set, or <see langword="null"/> for a part held out.</param>
    /// <exception cref="ArgumentException">Features or targets do not suit each other or the task.</exception>
    public NeuralNetworkTransformer Fit(Examples examples, Examples? validation = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using var channel = host.Start("Training");
        examples = examples.Checked(task);
        validation = validation?.Checked(task);
        validation?.CheckSuits(examples);

        return Fit(TrainingData.Of(examples, validation, task, training, options.Image), channel);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = inputSchema.ToDictionary(c => c.Name);
        var label = ColumnShapes.Check(columns, options, task);
        foreach (var column in OutputColumns.Shapes(task, label))
        {
            columns[column.Name] = column;
        }

        return new(columns.Values);
    }

    private NeuralNetworkTransformer Fit(TrainingData data, IChannel channel)
    {
        using var session = TorchSession.Enter(training.SeedOrDefault, training.Threads, options.Stop);
        var device = TorchSession.Device(training.Device);
        if (training.Precision == Precision.BFloat16 && device.type == TorchSharp.DeviceType.CPU && ProcessorFeatures.EmulatesBFloat16)
        {
            Warn(channel, "This processor has no instructions for bfloat16 (AVX512_BF16 or AMX): it is emulated and several times slower than float32; leave training.precision at float32.");
        }

        if (training.Augmentations.Count > 0 && data.Shape.Rank != 4)
        {
            throw new ArgumentException($"training.augmentations change images [N, C, H, W], but the features are {data.Shape}; leave them out, or say by InputShape how the vector is an image.");
        }

        var inner = options.Network.Build(data.Shape, data.Outputs) with { Name = "" };
        var previous = Previous(data);
        var preprocessing = Preprocessing(data, previous);
        var network = new Network(new Sequential([.. preprocessing, inner]), data.Shape);
        CheckOutput(network, data.Outputs);
        using var torchNetwork = new TorchNetwork(network, device);
        if (previous is not null)
        {
            Continue(torchNetwork, previous);
        }

        var target = Targets(data, previous, device);
        var draft = new ModelDraft(Manifest(data, network), [.. preprocessing, inner, OutputLayer(target)]);
        draft.TryOut(torchNetwork.ReadWeights());
        using var step = new SupervisedStep(torchNetwork, task, training);
        var batches = data.Training(target);
        var validation = data.Validation(target);
        if (validation is null && (training.EarlyStopping is not null || training.RestoreBestWeights))
        {
            var idle = training.EarlyStopping is null ? "training.restoreBestWeights does nothing"
                : training.RestoreBestWeights ? "neither training.earlyStopping nor training.restoreBestWeights does anything" : "training.earlyStopping does nothing";
            Warn(channel, $"There is no validation data, without which {idle}; set training.validationFraction, or give Fit a validation set.");
        }

        using var disposeTraining = batches as IDisposable;
        using var disposeValidation = validation as IDisposable;
        IReadOnlyList<Callback> callbacks = [.. options.Callbacks, new Log(host, channel)];
        foreach (var callback in callbacks)
        {
            callback.Message(Plan(torchNetwork.Plan.ParameterCount, data, batches, validation, device));
        }

        var trainer = new Trainer(training, callbacks)
        {
            CheckpointPath = options.CheckpointPath,
            Fingerprint = string.Create(CultureInfo.InvariantCulture, $"{RecordJson.Serialize(network)} {RecordJson.Serialize(training with { Epochs = 1 })} {data.Digest} {target.Mean} {target.StandardDeviation}{Start()}"),
        };
        var report = trainer.Fit(step, batches, validation, options.Stop);
        return new(host, draft.Package(Finite(torchNetwork.ReadWeights()), Summary(data, report)), options.Scoring) { TrainingReport = report };
    }

    // In ML.NET's log, and where whoever started the training looks.
    private void Warn(IChannel channel, string text)
    {
        channel.Warning(MessageSensitivity.None, text);
        foreach (var callback in options.Callbacks)
        {
            callback.Message($"warning: {text}");
        }
    }

    // What is about to happen, told before the first step: that may be minutes away from the first figures.
    private string Plan(long weights, TrainingData data, IBatches batches, IBatches? validation, TorchSharp.torch.Device device)
    {
        var type = options.Network.GetType();
        var name = Catalogues.Networks.EntryOf(type)?.Name ?? type.Name;
        int threads = TorchSharp.torch.get_num_threads();
        var place = device.type == TorchSharp.DeviceType.CPU ? $"cpu, {threads} thread{(threads == 1 ? "" : "s")}" : $"{device}";
        var held = validation is { ExampleCount: > 0 } part ? string.Create(CultureInfo.InvariantCulture, $", {part.ExampleCount:N0} held out for validation") : "";
        var examples = string.Create(CultureInfo.InvariantCulture, $"{batches.ExampleCount:N0} examples {(data.Streams ? "streamed" : "in memory")}{held}");
        var epochs = string.Create(CultureInfo.InvariantCulture, $"{training.Epochs:N0} epoch{(training.Epochs == 1 ? "" : "s")} of {batches.BatchCount:N0} step{(batches.BatchCount == 1 ? "" : "s")}");
        return string.Create(CultureInfo.InvariantCulture, $"{name}, {weights:N0} weights, on {place}; {epochs}: {examples}");
    }

    private static Weights Finite(Weights weights) => weights.FirstOrDefault(w => w.Data.Any(v => !float.IsFinite(v))) is { } broken
        ? throw new InvalidOperationException($"Training ended with values of weight '{broken.Name}' that are no finite numbers; no model is made of it. Lower the learning rate or clip gradients (training.clipNorm).")
        : weights;

    // A model that is continued keeps its standardisation: its weights were made for inputs of that scale.
    private Layer[] Preprocessing(TrainingData data, Weights? previous)
    {
        if (previous is not null && options.Standardize is { } asked && asked != IsStandardized(previous))
        {
            throw new ArgumentException($"Standardize is {asked}, but the model to continue from was trained {(asked ? "without" : "with")} standardisation, which it keeps; leave Standardize unset.");
        }

        return previous is null ? options.Standardize ?? !data.IsNormalized ? [Standardization(data.Summary.Mean, data.Summary.StandardDeviation)] : []
            : IsStandardized(previous)
            ? [Standardization(previous[$"{PreprocessingName}.mean"].Data.ToValueList(), previous[$"{PreprocessingName}.scale"].Data.Select(s => 1 / s).ToValueList())]
            : [];
    }

    private static bool IsStandardized(Weights weights) => weights.Contains($"{PreprocessingName}.mean");

    private static Layers.Normalize Standardization(ValueList<float> mean, ValueList<float> deviation) => new(mean, deviation) { Name = PreprocessingName };

    private Weights? Previous(TrainingData data)
    {
        if (options.ContinueFrom?.Package is not { } package)
        {
            return null;
        }

        var manifest = package.Manifest;
        return manifest.Task != task ? throw new ArgumentException($"The model to continue from is for {manifest.Task}, this trainer for {task}.")
            : !manifest.ClassNames.Equals(data.ClassNames)
            ? throw new ArgumentException($"The model to continue from has the classes {manifest.ClassNames}, the data {data.ClassNames}; map the label with the same keys in the same order.")
            : manifest.Outputs != data.Outputs
            ? throw new ArgumentException($"The model to continue from predicts {manifest.Outputs} values, the label has {data.Outputs}; continue with a label of the same length.")
            : manifest.Input.Rank != data.Shape.Rank || manifest.Input.Size(1) != data.Shape.Size(1)
            ? throw new ArgumentException($"The model to continue from takes inputs {manifest.Input}, the data gives {data.Shape}; continue with features of the same size.")
            : package.ReadWeights();
    }

    // A checkpoint of a training that started elsewhere is of another training.
    private string Start() => options.ContinueFrom is { } model
        ? $" from {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model.Package.Graphs[ModelPackage.MainGraph]))}"
        : "";

    private static void Continue(TorchNetwork network, Weights previous)
    {
        try
        {
            network.LoadWeights(previous);
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"The model to continue from has another network or input: {e.Message}", e);
        }
    }

    private TrainingData.Target Targets(TrainingData data, Weights? previous, TorchSharp.torch.Device device) =>
        task != PredictionTask.Regression ? new([], [], device)
        : previous is not null && previous.Contains("targets.mean") ? new(previous["targets.mean"].Data.ToValueList(), previous["targets.scale"].Data.ToValueList(), device)
        : new(data.Summary.TargetMean, data.Summary.TargetStandardDeviation, device);

    private Layer OutputLayer(TrainingData.Target target) => task switch
    {
        PredictionTask.Multiclass => new Softmax { Name = "probabilities" },
        PredictionTask.Binary => new Tap(OutputColumns.ProbabilityOutput, new Sigmoid()) { Role = TapRole.Output, Name = "probability" },
        _ => new Denormalize(target.Mean, target.StandardDeviation) { Name = "targets" },
    };

    private static void CheckOutput(Network network, int outputs)
    {
        var output = network.Plan().Outputs[0].Shape;
        if (output.Rank != 2 || output[1].Size != outputs)
        {
            throw new ShapeException($"the network ends in {output}, but the label needs [N, {outputs}]; let its last layer have {outputs} outputs.").At("");
        }
    }

    private ModelManifest Manifest(TrainingData data, Network network) => new()
    {
        Task = task, FeatureColumn = options.FeatureColumnName, LabelColumn = options.LabelColumnName, Input = data.Shape, Outputs = data.Outputs, Image = data.Image,
        ClassNames = data.ClassNames, ClassValues = data.ClassValues, VectorScore = data.VectorLabel && data.Outputs == 1, Parameters = network.Plan().ParameterCount,
        Network = RecordJson.ToElement(network),
    };

    private TrainingSummary Summary(TrainingData data, TrainingReport report)
    {
        var kept = report.Epochs[(report.Restored ? report.BestEpoch : report.Epochs.Count) - 1];
        return new()
        {
            Epochs = report.Epochs.Count, BestEpoch = report.BestEpoch, Restored = report.Restored, StoppedEarly = report.StoppedEarly, Examples = data.Summary.Count,
            Training = kept.Training, Validation = kept.Validation, Options = RecordJson.ToElement(training),
        };
    }

    /// <summary>Tells ML.NET's log, and lets it cancel.</summary>
    private sealed class Log(IHost host, IChannel channel) : Callback
    {
        public override void StepEnded(TrainingProgress progress) => HostAccess.CheckAlive(host);

        public override bool EpochEnded(EpochReport epoch)
        {
            channel.Info(MessageSensitivity.None, "Epoch {0}: {1}{2} ({3:F1} s)", epoch.Epoch, Text("", epoch.Training), Text(", validation ", epoch.Validation), epoch.Seconds);
            return true;
        }

        public override void Message(string text) => channel.Info(MessageSensitivity.None, text);

        private static string Text(string prefix, IReadOnlyDictionary<string, double> figures) =>
            string.Concat(figures.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? prefix : ", ")}{f.Key} {f.Value:G5}")));
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet.Internals;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>Trains a neural network and makes a transformer of it: columns in, a <see cref="Recipe"/>, a transformer
/// out. Training runs on libtorch; the transformer does not need it.</summary>
/// <remarks>Made by the catalogs: <c>ml.MulticlassClassification.Trainers.NeuralNetwork(…)</c> and its likes.</remarks>
public sealed class NeuralNetworkTrainer : IEstimator<NeuralNetworkTransformer>
{
    private readonly IHost host;
    private readonly LearningTask? task;
    private readonly NeuralNetworkOptions options;
    private readonly TrainingOptions training;

    internal NeuralNetworkTrainer(IHostEnvironment environment, LearningTask? task, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        host = environment.Register("NeuralNetwork");
        options.Validate(task);
        (this.task, this.options) = (BinaryThreshold.Kept(task, options.NewHead ? null : options.ContinueFrom?.Package), options.Copy());
        training = options.Training with { Seed = options.Training.Seed ?? HostAccess.Seed(environment) ?? options.Training.SeedOrDefault };
    }

    /// <summary>The same trainer with a stage more behind those that it has.</summary>
    public NeuralNetworkTrainer With(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var copy = options.Copy();
        ValueList<Stage> before = training.Stages.Count > 0 ? training.Stages : [new Fit()];
        copy.Training = training with { Stages = [.. before, stage] };
        return new(host, task, copy);
    }

    /// <summary>The same trainer with a pruning stage more, such as <c>MagnitudePruning</c> or
    /// <c>FilterPruning</c>.</summary>
    public NeuralNetworkTrainer Pruned(Stage stage) => With(stage);

    /// <summary>The same trainer, whose model computes with 8-bit integers in the end.</summary>
    /// <param name="settings">Calibration and the like; the defaults when <see langword="null"/>.</param>
    public NeuralNetworkTrainer Quantized(Int8? settings = null) => With(settings ?? new Int8());

    /// <summary>The same trainer, whose layers become factors of lower rank.</summary>
    /// <param name="settings">Ranks and the like; the defaults when <see langword="null"/>.</param>
    public NeuralNetworkTrainer Factorised(LowRank? settings = null) => With(settings ?? new());

    /// <summary>The same trainer, whose weights share few values, which makes the model file smaller.</summary>
    /// <param name="settings">The number of values and the like; the defaults when <see langword="null"/>.</param>
    public NeuralNetworkTrainer Clustered(WeightClustering? settings = null) => With(settings ?? new());

    /// <summary>The same trainer, whose network learns from a fitted model too: knowledge distillation (see
    /// <see cref="Compression.Distilled"/>).</summary>
    /// <param name="teacher">The fitted model: a network of this library, or a chain with one in it. The network is
    /// kept; the chain may be disposed of.</param>
    /// <param name="settings">Temperature and the like; the defaults when <see langword="null"/>. Teachers in it are
    /// further teachers.</param>
    /// <exception cref="ArgumentException">There is no network of this library in the model, or there are
    /// several.</exception>
    public NeuralNetworkTrainer Distilled(ITransformer teacher, Distilled? settings = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        return Distilled(Teacher.Of(NetworkInChain.Of(teacher).Network.Package), settings);
    }

    /// <summary>The same trainer, whose network learns from an ONNX model too.</summary>
    /// <param name="teacher">The bytes of an <c>.onnx</c> file, of any origin.</param>
    /// <param name="settings">Temperature and the like; the defaults when <see langword="null"/>. Teachers in it are
    /// further teachers.</param>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public NeuralNetworkTrainer Distilled(byte[] teacher, Distilled? settings = null) => Distilled(Teacher.Of(teacher), settings);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <remarks>Rows with a missing label, NaN features or no image are left out and counted in the log; rows of weight
    /// 0 are left out. Data beyond the memory budget is streamed.</remarks>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no usable row, one class only, an infinite value, or a
    /// weight that is not finite or below 0.</exception>
    /// <exception cref="ShapeException">The network does not take such an input.</exception>
    /// <exception cref="TorchNotFoundException">libtorch is not there.</exception>
    public NeuralNetworkTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on <paramref name="input"/> and validates on <paramref name="validation"/>, or on a part held
    /// out where that is <see langword="null"/>.</summary>
    public NeuralNetworkTransformer Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckDevices();
        return Fit(new RowPreparation(task, Form, training, options.Stop).Prepare(Rows(input), validation is null ? null : Rows(validation)));
    }

    /// <summary>Trains on a set in memory, without an <see cref="IDataView"/>; images stay bytes.</summary>
    /// <param name="examples">The training set.</param>
    /// <param name="validation">The validation set, or <see langword="null"/> for a part held out.</param>
    /// <exception cref="ArgumentException">Features or targets do not suit each other or the task.</exception>
    /// <exception cref="NotSupportedException">The options name several columns.</exception>
    public NeuralNetworkTransformer Fit(Examples examples, Examples? validation = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (options.FeatureColumns.Count > 0)
        {
            throw new NotSupportedException("FeatureColumns names columns, which a set in memory does not have; give an IDataView.");
        }

        CheckDevices();
        return Fit(ExamplePreparation.Of(examples, validation, task, Form, training, options.Image));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = inputSchema.ToDictionary(c => c.Name);
        var label = ColumnShapes.Check(columns, options, Form);
        foreach (var column in task is null ? OutputShapes.Of(ModelColumns) : OutputShapes.Of(task, label))
        {
            columns[column.Name] = column;
        }

        return new(columns.Values);
    }

    private NeuralNetworkTrainer Distilled(Teacher teacher, Distilled? settings)
    {
        settings ??= new();
        return With(settings with { Teacher = [teacher, .. settings.Teacher] });
    }

    // Without labels the model says what columns it adds.
    private IReadOnlyList<OutputColumn> ModelColumns => options.Network?.OutputColumns ?? options.ContinueFrom?.Columns ?? [];

    private LabelForm? Form => options.LabelFor(task);

    private DataViewRows Rows(IDataView input) => new(input, options, Form, () => HostAccess.CheckAlive(host));

    // What cannot be is refused before the data is read; the scorer is made after the training only.
    private void CheckDevices()
    {
        ContextDevice.Training(host, training, _ => { });
        ContextDevice.Scoring(host, options.Scoring, _ => { });
    }

    private NeuralNetworkTransformer Fit(PreparedData data)
    {
        using var channel = host.Start("Training");
        var recipe = new Recipe
        {
            Task = task,
            Model = options.Network,
            Training = ContextDevice.Training(host, training, text => channel.Warning(MessageSensitivity.None, text)),
            FeatureColumn = options.FeatureColumnName,
            LabelColumn = options.LabelColumnName,
            Image = data.Image,
            Tokens = data.Tokens,
            Standardize = options.Standardize,
            ContinueFrom = options.ContinueFrom?.Package,
            NewHead = options.NewHead,
            Callbacks = [.. options.Callbacks, new ChannelLog(host, channel)],
            CheckpointPath = options.CheckpointPath,
            StartCheckpoint = options.StartCheckpoint,
            Stop = options.Stop,
        };
        var result = MlNetDlDiagnostics.Fit(task?.GetType().Name ?? "none", recipe.Training.Device.Name, () => recipe.Run(data));
        return new(host, result.Package, options.Scoring) { TrainingReports = result.Reports };
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Runtime;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>A trained network as an ML.NET transformer: scores with ONNX Runtime, in batches, from any number of threads; needs no libtorch.</summary>
public sealed class NeuralNetworkTransformer : ISingleFeaturePredictionTransformer<ModelPackage>, IDisposable
{
    private readonly IHost host;

    internal NeuralNetworkTransformer(IHostEnvironment environment, ModelPackage package, ScoringOptions options)
    {
        MlNetVersion.Check();
        host = environment.Register("NeuralNetwork");
        (Package, Options) = (package, options);
        var manifest = package.Manifest;
        (string, int)[] outputs = manifest.Task == PredictionTask.Binary
            ? [(Analysis.Network.DefaultOutput, manifest.Outputs), (OutputColumns.ProbabilityOutput, manifest.Outputs)]
            : [(Analysis.Network.DefaultOutput, manifest.Outputs)];
        Scorer = new(package.Graphs[ModelPackage.MainGraph], Analysis.Network.DefaultInput,
            [.. manifest.Input.Dims.Skip(1).Select(d => d.Size ?? throw new ModelFormatException($"The model's input {manifest.Input} has an unknown size."))], outputs, options);
        InputWidth = checked((int)manifest.Input.ElementsPerExample());
    }

    /// <summary>The saved form: graph, class names and what else a host may want to know.</summary>
    public ModelPackage Package { get; }

    /// <summary>How training went; <see langword="null"/> for a loaded model.</summary>
    public TrainingReport? TrainingReport { get; internal init; }

    /// <summary>Trainable weights of the network, auxiliary heads included.</summary>
    public long ParameterCount => Package.Manifest.Parameters;

    /// <summary>How it scores.</summary>
    public ScoringOptions Options { get; }

    /// <inheritdoc/>
    public string FeatureColumnName => Package.Manifest.FeatureColumn;

    /// <inheritdoc/>
    public DataViewType FeatureColumnType => Package.Manifest.Image is { } image
        ? new ImageDataViewType(image.Height, image.Width)
        : new VectorDataViewType(NumberDataViewType.Single, InputWidth);

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    ModelPackage IPredictionTransformer<ModelPackage>.Model => Package;

    internal OnnxScorer Scorer { get; }

    internal int InputWidth { get; }

    /// <summary>The same model with other scoring options.</summary>
    public NeuralNetworkTransformer WithScoring(ScoringOptions options) => new(host, Package, options) { TrainingReport = TrainingReport };

    /// <summary>The network in a model <c>.zip</c>, without the rest of its pipeline.</summary>
    /// <exception cref="ModelFormatException">The file is no model, or is damaged.</exception>
    /// <exception cref="MlNetVersionException">ML.NET lacks members that are needed.</exception>
    public static NeuralNetworkTransformer Load(MLContext context, string path, ScoringOptions? options = null) => new(context, ModelFile.Read(path), options ?? ScoringOptions.Default);

    /// <summary>Writes the network as a plain <c>.onnx</c> that any runtime reads; class names and the rule for images are in its metadata.</summary>
    public void ExportOnnx(string path)
    {
        var bytes = Package.ToOnnx();
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Scores a set in memory, without an <see cref="IDataView"/>.</summary>
    /// <returns>The scores, row-major [N, K]: probabilities, logits or values.</returns>
    /// <exception cref="ArgumentException">The set has inputs of another size.</exception>
    public float[] Score(Examples examples)
    {
        if (examples.Shape.ElementsPerExample() != InputWidth)
        {
            throw new ArgumentException($"The examples are {examples.Shape}, but the model takes {Package.Manifest.Input}.");
        }

        int width = Package.Manifest.Outputs;
        var result = new float[examples.Count * width];
        var scores = new RowScores(this, Options.BatchSize);
        for (int start = 0; start < examples.Count; start += Options.BatchSize)
        {
            int rows = Math.Min(Options.BatchSize, examples.Count - start);
            examples.CopyTo(start, rows, scores.Features(0, rows));
            scores.Run(rows);
            scores.Scores(rows).CopyTo(result.AsSpan(start * width));
        }

        return result;
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        OutputColumns.AddTo(builder, Package.Manifest);
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => new ScoredDataView(this, input);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoredRowMapper(this, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerStorage.Save(ctx, Package, Options);

    /// <summary>Frees the ONNX Runtime session. A <c>PredictionEngine</c> made with its defaults does so when it is disposed of.</summary>
    public void Dispose() => Scorer.Dispose();

    internal DataViewSchema.Column FeatureColumn(DataViewSchema schema) => MlNet.FeatureColumn.Find(schema, FeatureColumnName, "Feature");

    private void CheckInput(DataViewSchema schema)
    {
        var column = FeatureColumn(schema);
        var manifest = Package.Manifest;
        var (shape, _) = MlNet.FeatureColumn.ShapeOf(column, manifest.Image is null ? manifest.Input : null, manifest.Image);
        if (shape.ElementsPerExample() != InputWidth || column.Type is ImageDataViewType != manifest.Image is not null)
        {
            throw new ArgumentException($"Feature column '{column.Name}' is {column.Type}; the model was trained on {(manifest.Image is { } i ? $"images ({i.Channels} channels, {i.Height} x {i.Width})" : $"a vector of {InputWidth}")}.");
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Runtime;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet.Internals;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>A trained network as an ML.NET transformer: scores with ONNX Runtime, in batches, from any number of
/// threads; needs no libtorch.</summary>
public sealed class NeuralNetworkTransformer : ISingleFeaturePredictionTransformer<ModelPackage>, ICatalogTransformer, IDisposable
{
    private readonly IHost host;

    internal NeuralNetworkTransformer(IHostEnvironment environment, ModelPackage package, ScoringOptions options, string? graph = null)
    {
        MlNetVersion.Check();
        host = environment.Register("NeuralNetwork");
        (Package, Options) = (package, options);
        Graph = graph is null ? package.Manifest.Main : package.Manifest.Graph(graph);
        Columns = Graph.Role == GraphRole.Score && package.Manifest.Task is { } task ? task.Columns
            : Graph.Role == GraphRole.Cluster ? ClusterColumns.All
            : [.. Graph.Outputs.Where(o => o.Column is not null).Select(o => new VectorColumn(o.Column!, "") { Output = o.Name })];
        Outputs = [.. Columns.SelectMany(c => c.Reads.Prepend(c.Output)).Distinct()];
        Runner = new(package, Graph, Outputs, ContextDevice.Scoring(environment, options, Warn));
    }

    /// <summary>The saved form: graph, class names and what else a host may want to know.</summary>
    public ModelPackage Package { get; }

    /// <summary>The graph that it runs.</summary>
    public GraphSignature Graph { get; }

    /// <summary>How the last fit went; <see langword="null"/> for a loaded model.</summary>
    public TrainingReport? TrainingReport => TrainingReports.Count > 0 ? TrainingReports[^1] : null;

    /// <summary>How each fit of the training's stages went, in order; empty for a loaded model.</summary>
    public IReadOnlyList<TrainingReport> TrainingReports { get; internal init; } = [];

    /// <summary>Trainable weights of the network, auxiliary heads included.</summary>
    public long ParameterCount => Package.Manifest.Parameters;

    /// <summary>How it scores.</summary>
    public ScoringOptions Options { get; }

    /// <inheritdoc/>
    public string FeatureColumnName => Graph.Inputs.FirstOrDefault(i => i.Column is not null)?.Column ?? Graph.Inputs[0].Name;

    /// <inheritdoc/>
    public DataViewType FeatureColumnType => Graph.Inputs.FirstOrDefault(i => i.Column is not null) switch
    {
        { Image: { } image } => new ImageDataViewType(image.Height, image.Width),
        { Shape.Type: ElementType.Float32 } input => new VectorDataViewType(
            NumberDataViewType.Single, checked((int)input.Shape.ElementsPerExample())),
        _ => new VectorDataViewType(NumberDataViewType.Int64),
    };

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    ModelPackage IPredictionTransformer<ModelPackage>.Model => Package;

    /// <summary>The columns that it adds.</summary>
    internal IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The graph's outputs that these are made of.</summary>
    internal List<string> Outputs { get; }

    internal GraphRunner Runner { get; }

    /// <summary>The same model with other scoring options.</summary>
    public NeuralNetworkTransformer WithScoring(ScoringOptions options) =>
        new(host, Package, options, Graph.Name) { TrainingReports = TrainingReports };

    /// <summary>The probability above which yes is predicted; <see langword="null"/> for a model that is not of yes or no.</summary>
    public double? Threshold => (Package.Manifest.Task as BinaryClassification)?.Threshold;

    /// <summary>The same model of yes or no with another threshold, which is saved with it: <c>PredictedLabel</c> follows it, <c>Score</c> and
    /// <c>Probability</c> stay.</summary>
    /// <param name="threshold">The probability above which yes is predicted, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    /// <exception cref="NotSupportedException">The model is not of yes or no.</exception>
    public NeuralNetworkTransformer WithThreshold(double threshold) =>
        new(host, BinaryThreshold.Change(Package, threshold), Options, Graph.Name) { TrainingReports = TrainingReports };

    /// <summary>Another graph of the same model as a transformer, such as the decoder of an autoencoder.</summary>
    /// <param name="graph">The graph's name.</param>
    /// <exception cref="ArgumentException">The model has no such graph; the message names those it has.</exception>
    public NeuralNetworkTransformer WithGraph(string graph) => new(host, Package, Options, graph) { TrainingReports = TrainingReports };

    /// <summary>The same with an input from another column.</summary>
    internal NeuralNetworkTransformer WithGraph(string graph, string column, string renamed) =>
        new(host, Package.With(Package.Manifest.WithColumn(graph, column, renamed)), Options, graph) { TrainingReports = TrainingReports };

    /// <summary>A transformer of a model that was made or read without ML.NET.</summary>
    /// <param name="context">The context.</param>
    /// <param name="package">The model.</param>
    /// <param name="graph">The graph that it runs; <see langword="null"/> for the first.</param>
    /// <param name="options">How it scores; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The model has no such graph.</exception>
    /// <exception cref="MlNetVersionException">ML.NET lacks members that are needed.</exception>
    public static NeuralNetworkTransformer Of(
        MLContext context, ModelPackage package, string? graph = null, ScoringOptions? options = null) =>
        new(context, package, options ?? ScoringOptions.Default, graph);

    /// <summary>The network in a model <c>.zip</c>, without the rest of its pipeline.</summary>
    /// <exception cref="ModelFormatException">The file is no model, or is damaged.</exception>
    /// <exception cref="MlNetVersionException">ML.NET lacks members that are needed.</exception>
    public static NeuralNetworkTransformer Load(MLContext context, string path, ScoringOptions? options = null) =>
        new(context, ModelFile.Read(path), options ?? ScoringOptions.Default);

    /// <summary>Writes the network as a plain <c>.onnx</c> that any runtime reads; class names and the rule for images
    /// are in its metadata.</summary>
    public void ExportOnnx(string path)
    {
        var bytes = Package.ToOnnx(Graph.Name);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Scores a set in memory, without an <see cref="IDataView"/>.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="progress">Is told how many rows are done, after each batch of <see cref="ScoringOptions.BatchSize"/>.</param>
    /// <returns>The scores, row-major [N, K]: probabilities, logits or values.</returns>
    /// <exception cref="ArgumentException">The set has inputs of another size.</exception>
    /// <exception cref="NotSupportedException">The graph takes more than one vector, image or row of tokens, or gives
    /// rows different numbers of values; use <see cref="Transform"/>.</exception>
    public float[] Score(Examples examples, IProgress<long>? progress = null)
    {
        var input = Graph.Inputs[0].Shape;
        bool isTaken = Graph.Inputs[0].Column is not null && (input is { Type: ElementType.Int64, Rank: 2 }
            || (input.Type == ElementType.Float32 && input.Dims.Skip(1).All(d => d.Size is not null)));
        if (Graph.Inputs.Count > 1 || !isTaken || Runner.WidthOf(Outputs[0]) == 0)
        {
            throw new NotSupportedException(
                "Only a graph of one float32 input, or of tokens, that gives each row as many scores can score a set, "
                    + $"but '{Graph.Name}' takes {string.Join(", ", Graph.Inputs.Select(i => i.Shape))} and gives "
                    + $"{Graph.Outputs[0].Shape}; use Transform.");
        }

        bool fits = input.Dims.Skip(1).All(d => d.Size is not null)
            ? examples.Width == input.ElementsPerExample()
            : examples.Shape.Rank == input.Rank;
        if (examples.Shape.Type != input.Type || !fits)
        {
            throw new ArgumentException($"The examples are {examples.Shape}, but the model takes {input}; give values "
                + "of that type and number.");
        }

        int width = Runner.WidthOf(Outputs[0]);
        var result = new float[checked(examples.Count * width)];
        var scores = new RowScores(this, Options.BatchSize);
        for (int start = 0; start < examples.Count; start += Options.BatchSize)
        {
            int rows = Math.Min(Options.BatchSize, examples.Count - start);
            scores.Copy(examples, start, rows);
            scores.Run(rows);
            scores.Scores.CopyTo(result.AsSpan(start * width));
            progress?.Report(start + rows);
        }

        return result;
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        foreach (var column in Columns)
        {
            builder.AddColumn(
                column.Name,
                column.TypeOf(Runner.WidthOf(column.Output), Package.Manifest.Label),
                column.Annotations(Package.Manifest.Label));
        }

        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => new ScoredDataView(this, input);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoredRowMapper(this, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerStorage.Save(ctx, this);

    /// <summary>Frees the ONNX Runtime session. A <c>PredictionEngine</c> made with its defaults does so when it
    /// is disposed of.</summary>
    public void Dispose() => Runner.Dispose();

    /// <summary>The columns that the graph's inputs are read from.</summary>
    internal IReadOnlyList<DataViewSchema.Column> InputColumns(DataViewSchema schema) =>
        [.. Graph.Inputs.Where(i => GraphInputRows.IsRead(i, schema))
            .Select(i => FeatureColumn.Find(schema, i.Column!, RoleOf(i)))
            .DistinctBy(c => c.Index)];

    private void Warn(string text)
    {
        using var channel = host.Start("Scoring");
        channel.Warning(MessageSensitivity.None, text);
    }

    private static string RoleOf(GraphInput input) => input.Role == GraphRole.Condition ? "Condition" : "Feature";

    /// <summary>Refuses rows whose columns are not those that the model was trained on.</summary>
    /// <exception cref="ArgumentException">A column is absent or of another type.</exception>
    internal void CheckInput(DataViewSchema schema)
    {
        foreach (var input in Graph.Inputs.Where(i => GraphInputRows.IsRead(i, schema)))
        {
            var column = FeatureColumn.Find(schema, input.Column!, RoleOf(input));
            if (input.Shape.Type == ElementType.Int64)
            {
                if (!IntegerColumn.Takes(column.Type))
                {
                    throw FeatureColumn.Problem(column.Name, $"is {column.Type}; the model takes whole numbers, keys, or text");
                }

                if (input.Tokens != TokenKind.Unknown && input.Tokens != IntegerColumn.KindOf(column.Type))
                {
                    throw FeatureColumn.Problem(column.Name, $"is {column.Type}, but the model was trained on "
                        + $"{(input.Tokens == TokenKind.Text ? "text" : "whole numbers or keys")}, whose tokens are others");
                }

                continue;
            }

            if (input.Role == GraphRole.Condition)
            {
                ConditionColumn.Check(column, Package.Manifest.ClassNames);
                continue;
            }

            long width = input.Shape.ElementsPerExample();
            if (input.Image is null ? FeatureColumn.SizeOf(column.Type) != width : !FeatureColumn.HoldsImages(column.Type))
            {
                var taken = input.Image is { } i
                    ? $"images ({i.Channels} channels, {i.Height} x {i.Width})"
                    : width == 1 ? "one Single" : $"a vector of {width} Single";
                throw FeatureColumn.Problem(column.Name, $"is {column.Type}, but the model was trained on {taken}; transform the rows as those of "
                    + "the training were");
            }
        }
    }
}

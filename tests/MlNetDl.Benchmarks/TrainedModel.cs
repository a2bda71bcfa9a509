using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Benchmarks;

/// <summary>A model trained for one epoch on noise (its speed does not depend on what it learnt), as a transformer and
/// as a plain <c>.onnx</c> file.</summary>
internal sealed class TrainedModel : IDisposable
{
    private readonly float[][] features;

    public TrainedModel(NetworkSpec network, Shape input, int threads)
    {
        var random = new Random(1);
        Width = (int)input.ElementsPerExample();
        Input = input;
        features = [.. Enumerable.Range(0, 2048).Select(_ => Enumerable.Range(0, Width).Select(_ => random.NextSingle()).ToArray())];
        Rows = View(Enumerable.Range(0, features.Length).Select(i => new Row { Features = features[i], Label = (uint)(i % 10) + 1 }));
        var few = View(Enumerable.Range(0, 128).Select(i => new Row { Features = features[i], Label = (uint)(i % 10) + 1 }));
        Transformer = Context.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = network,
            InputShape = input,
            Training = new() { Epochs = 1 },
            Scoring = new() { BatchSize = 64, Threads = threads },
        }).Fit(few);
        Transformer.ExportOnnx(OnnxPath);
    }

    public MLContext Context { get; } = new(seed: 1);

    public Shape Input { get; }

    public int Width { get; }

    public IDataView Rows { get; }

    public IReadOnlyList<float[]> Features => features;

    public NeuralNetworkTransformer Transformer { get; }

    public string OnnxPath { get; } = Path.Combine(Path.GetTempPath(), $"mlnetdl-benchmark-{Guid.NewGuid():N}.onnx");

    /// <summary>ML.NET's own way to score the same <c>.onnx</c>; its columns are named as the model's
    /// input and output.</summary>
    public ITransformer Applied(int threads) => Context.Transforms.CopyColumns(Network.DefaultInput, nameof(Row.Features))
        .Append(Context.Transforms.ApplyOnnxModel(new OnnxOptions
        {
            ModelFile = OnnxPath,
            InputColumns = [Network.DefaultInput],
            OutputColumns = [Network.DefaultOutput],
            IntraOpNumThreads = threads,
        })).Fit(Rows);

    public void Dispose()
    {
        Transformer.Dispose();
        File.Delete(OnnxPath);
    }

    /// <summary>The schema of <see cref="Row"/>, with features of known size as trainers need them.</summary>
    public SchemaDefinition Schema
    {
        get
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
            return schema;
        }
    }

    private IDataView View(IEnumerable<Row> rows) => Context.Data.LoadFromEnumerable(rows.ToArray(), Schema);
}

/// <summary>An example of the benchmarks.</summary>
internal sealed class Row
{
    public float[] Features { get; set; } = [];

    [KeyType(10)]
    public uint Label { get; set; }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Benchmarks;

/// <summary>A model trained for one epoch on noise (its speed does not depend on what it learnt), as a transformer and as a plain <c>.onnx</c> file.</summary>
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
            Network = network, InputShape = input, Training = new() { Epochs = 1 }, Scoring = new() { BatchSize = 64, Threads = threads },
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

    public void Dispose()
    {
        Transformer.Dispose();
        File.Delete(OnnxPath);
    }

    private IDataView View(IEnumerable<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        return Context.Data.LoadFromEnumerable(rows.ToArray(), schema);
    }

    private sealed class Row
    {
        public required float[] Features { get; set; }

        [KeyType(10)]
        public uint Label { get; set; }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Benchmarks;

/// <summary>Rows scored a second: this library's scorer and transformer against ONNX Runtime itself and ML.NET's
/// <c>ApplyOnnxModel</c>, on the same <c>.onnx</c>.</summary>
internal static class ScoringBenchmark
{
    private const int BatchSize = 64;

    public static int Run(string[] args)
    {
        var (rounds, threads) = (args.Number("rounds", 15), args.Number("threads", 1));
        Compare("MLP 64-256-256-10", new Mlp { Hidden = [256, 256] }, Shape.Vector(64), rounds, threads);
        Compare("LeNet-5", new LeNet5(), Shape.Image(1, 28, 28), rounds, threads);
        return 0;
    }

    private static void Compare(string name, NetworkSpec network, Shape input, int rounds, int threads)
    {
        using var model = new TrainedModel(network, input, threads);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        using var session = new InferenceSession(model.OnnxPath, options);
        var dims = input.Dims.Skip(1).Select(d => d.Size!.Value).ToArray();
        using var scorer = new OnnxScorer(
            File.ReadAllBytes(model.OnnxPath),
            Network.DefaultInput,
            dims,
            [(Network.DefaultOutput, 10)],
            new() { Threads = threads });
        var applied = model.Applied(threads).Transform(model.Rows);
        float[] batch = new float[BatchSize * model.Width], scores = new float[BatchSize * 10];

        Interleaved.Run($"{name}, batch {BatchSize}, {threads} thread(s)", rounds,
            ("ONNX Runtime, session.Run", () => Batches(model.Features, batch, () => Raw(session, batch, [BatchSize, .. dims]))),
            ("OnnxScorer", () => Batches(model.Features, batch, () => scorer.Run(batch, BatchSize, scores))),
            ("NeuralNetworkTransformer.Transform", () => Read(model.Transformer.Transform(model.Rows), "Score")),
            ("ML.NET ApplyOnnxModel", () => Read(applied, Network.DefaultOutput)));
    }

    /// <summary>Fills batches from rows, which is part of everybody's work, and scores each.</summary>
    public static long Batches(IReadOnlyList<float[]> rows, float[] batch, Action score)
    {
        for (int row = 0; row < rows.Count; row += BatchSize)
        {
            for (int i = 0; i < BatchSize; i++)
            {
                rows[row + i].CopyTo(batch, i * rows[0].Length);
            }

            score();
        }

        return rows.Count;
    }

    private static void Raw(InferenceSession session, float[] batch, long[] dims)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(batch, dims);
        using var outputs = session.Run(run, [Network.DefaultInput], [input], [Network.DefaultOutput]);
        _ = outputs[0].GetTensorDataAsSpan<float>()[0];
    }

    /// <summary>Reads a column of all rows.</summary>
    public static long Read(IDataView scored, string column)
    {
        using var cursor = scored.GetRowCursor([scored.Schema[column]]);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema[column]);
        var value = default(VBuffer<float>);
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            getter(ref value);
        }

        return rows;
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Benchmarks;

/// <summary>One row at a time through a <c>PredictionEngine</c>: ML.NET's <c>ApplyOnnxModel</c> against
/// this library's transformer.</summary>
internal static class EngineBenchmark
{
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
        using var applied = model.Context.Model.CreatePredictionEngine<Row, AppliedScore>(
            model.Applied(threads), ignoreMissingColumns: false, inputSchemaDefinition: model.Schema);
        using var ours = model.Context.Model.CreatePredictionEngine<Row, OurScore>(
            model.Transformer, ignoreMissingColumns: false, inputSchemaDefinition: model.Schema);
        var row = new Row { Features = model.Features[0] };
        Interleaved.Run(
            $"{name}, PredictionEngine, {threads} thread(s)",
            rounds,
            ("ML.NET ApplyOnnxModel", () => Many(() => applied.Predict(row).Values)),
            ("NeuralNetworkTransformer", () => Many(() => ours.Predict(row).Score)));
    }

    private static long Many(Func<float[]> predict)
    {
        const int Rows = 100;
        for (int i = 0; i < Rows; i++)
        {
            _ = predict();
        }

        return Rows;
    }

    private sealed class AppliedScore
    {
        [ColumnName("output")]
        public float[] Values { get; set; } = [];
    }

    private sealed class OurScore
    {
        public float[] Score { get; set; } = [];
    }
}

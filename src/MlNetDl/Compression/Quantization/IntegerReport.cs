using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Tells what became of a rounded network in ONNX Runtime: which layers run on integer kernels, how many bytes it takes, and
/// how near it is to what torch simulates.</summary>
internal static class IntegerReport
{
    private const int ComparedRows = 64;

    // Their integer kernels, by the operator in the float graph.
    private static readonly (string Name, string[] Float, string[] Integer)[] Kinds =
    [
        ("convolutions", ["Conv"], ["QLinearConv"]),
        ("matrix products", ["Gemm", "MatMul"], ["QGemm", "QLinearMatMul", "MatMulIntegerToFloat"]),
        ("additions", ["Add"], ["QLinearAdd"]),
        ("concatenations", ["Concat"], ["QLinearConcat"]),
        ("pools", ["MaxPool", "AveragePool", "GlobalAveragePool"], ["MaxPool", "NhwcMaxPool", "QLinearAveragePool", "QLinearGlobalAveragePool"]),
    ];

    /// <summary>Tells it by messages of the stage.</summary>
    /// <param name="context">The model with folded normalisations, and the data.</param>
    /// <param name="scheme">How numbers are rounded.</param>
    public static void Tell(StageContext context, QuantizationScheme scheme)
    {
        var plan = context.Model.Networks.Values.Single().Plan();
        var weights = context.Model.Weights.Values.Single();
        var scored = weights.WithFixed(plan.ForScoring());
        var map = new QuantizedMap(plan, weights, scheme.Keep);
        var (exact, rounded) = (OnnxWriter.Write(plan, scored), OnnxWriter.Write(plan, scored, null, new QuantizationPass(scheme)));
        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"int8: {Kernels(map.Graph, OptimizedGraph.Of(rounded))} on integer kernels; {rounded.Length:N0} bytes instead of {exact.Length:N0}"));
        if (rounded.Length >= exact.Length)
        {
            context.Message("warning: int8: so small a network gets larger by it: its scales and nodes take more than its weights save");
        }

        if (scheme.WeightBits < 7)
        {
            long bits = map.Weights.Values.Sum(w => w.Weight.Data.LongLength * scheme.WeightBits);
            context.Message(string.Create(CultureInfo.InvariantCulture,
                $"int8: ONNX Runtime has no kernels of fewer bits than 8, so {scheme.WeightBits}-bit weights compute as 8-bit ones; they take "
                    + $"{(bits + 7) / 8:N0} bytes where they are packed: in the model file in 1, 2 or 4 bits, in the .onnx not"));
        }

        if (scheme.ValueBits < 8)
        {
            context.Message($"int8: values of {scheme.ValueBits} bits are cut off between the kernels, in float, so these are not fused and slow: for study");
        }

        if (!ProcessorFeatures.HasIntegerProducts)
        {
            context.Message("warning: int8: this processor has no instructions for products of 8-bit integers"
                + $"{(scheme.WeightBits == 7 ? ", so weights have 7 bits" : "")}; {IntegerSpeed.Words(plan, exact, rounded)}");
        }

        Agree(context, plan, scheme, map, rounded);
    }

    private static string Kernels(Layers.Contracts.OnnxGraph graph, OptimizedGraph optimized)
    {
        var constants = graph.Constants.Select(c => c.Name).ToHashSet();
        // A sum with a constant is no layer of its own.
        var made = graph.Nodes.Where(n => n.Op != "Add" || !n.Inputs.Any(constants.Contains)).CountBy(n => n.Op).ToDictionary();
        var words = Kinds
            .Select(k => (
                k.Name,
                All: k.Float.Sum(o => made.GetValueOrDefault(o)),
                Integer: k.Integer.Sum(o => optimized.Integers.GetValueOrDefault(o))))
            .Where(k => k.All > 0)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(k.Integer, k.All)} of {k.All} {k.Name}"));
        return string.Join(", ", words);
    }

    // Rounding of sums differs by a level here and there: torch sums in float.
    private static void Agree(StageContext context, Plan plan, QuantizationScheme scheme, QuantizedMap map, byte[] rounded)
    {
        using var network = new TorchNetwork(plan, TorchSession.Device(context.Options.Device));
        network.LoadWeights(context.Model.Weights.Values.Single());
        network.SetTraining(false);
        network.Hook = new FakeQuantization(scheme, map);
        using var model = new OnnxModel(rounded);
        double apart = 0, most = 0;
        foreach (var batch in CalibrationRows.Of(context, ComparedRows))
        {
            using var none = no_grad();
            var simulated = network.Forward(batch.Inputs)[Network.DefaultOutput].cpu().contiguous().data<float>().ToArray();
            var given = plan.Network.Inputs.Zip(batch.Inputs).ToDictionary(i => i.First.Name, i => Value(i.Second.cpu().contiguous()));
            var scored = model.Run(given)[Network.DefaultOutput].Floats;
            for (int i = 0; i < simulated.Length; i++)
            {
                apart = Math.Max(apart, Math.Abs(simulated[i] - scored[i]));
                most = Math.Max(most, Math.Abs(simulated[i]));
            }
        }

        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"int8: the integers of ONNX Runtime and torch's simulation of them differ by at most {apart:G2}, outputs being up to {most:G2}"));
    }

    private static OnnxTensor Value(Tensor tensor) => new(
        [.. tensor.shape], tensor.dtype == ScalarType.Int64 ? tensor.data<long>().ToArray() : tensor.data<float>().ToArray());
}

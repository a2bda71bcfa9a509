using System.Globalization;
using System.Runtime.InteropServices;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Scores some rows with a drafted graph, as a host will, and compares the scores with torch's.</summary>
internal static class DraftTrial
{
    private const int Rows = 2, Length = 3;

    // A layer with steps (a comparison, a rounding) may fall on either side of a step, but it will not do so for all
    // rows.
    private const int Attempts = 3;

    // Contract tests hold every layer of the library to 1e-4; this finds a graph that computes something else.
    private const double Tolerance = 1e-3;

    /// <exception cref="NotSupportedException">ONNX Runtime does not load the graph or cannot run it.</exception>
    /// <exception cref="InvalidOperationException">The graph computes something else than the network.</exception>
    public static void Run(ModelGraph graph, Plan plan, Weights weights, byte[] onnx, DataSummary summary)
    {
        using var torch = new TorchNetwork(plan);
        torch.LoadWeights(weights);
        torch.SetTraining(false);
        using var model = new OnnxModel(onnx, new() { Threads = 1 });
        string? difference = null;
        for (int seed = 1; seed <= Attempts; seed++)
        {
            var random = new Random(seed);
            var inputs = plan.Network.Inputs.ToDictionary(
                i => i.Name,
                i => Values(i.Shape, summary.Of(i.Name) ?? (i == plan.Network.Inputs[0] && graph.IsFeature(i.Name) ? summary : null), random));
            var expected = Torch(graph, torch, [.. plan.Network.Inputs.Select(i => inputs[i.Name])]);
            var got = Scored(graph, model, inputs);
            difference = plan.Outputs.Select(o => Difference(o.Name, expected[o.Name], got[o.Name])).FirstOrDefault(d => d is not null);
            if (difference is null)
            {
                return;
            }
        }

        throw new InvalidOperationException(
            $"The graph '{graph.Name}' that this training would leave computes something else than the network, so nothing was trained: "
                + $"of its output {difference}. Look at Forward and WriteOnnx of the layers that are your own.");
    }

    private static Dictionary<string, OnnxTensor> Torch(ModelGraph graph, TorchNetwork torch, IReadOnlyList<OnnxTensor> inputs)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        try
        {
            return torch.Forward([.. inputs.Select(TensorOf)]).ToDictionary(o => o.Key, o => OnnxTensorOf(o.Value));
        }
        catch (Exception e) when (e is ComponentException or ExternalException or InvalidOperationException)
        {
            throw new NotSupportedException($"The graph '{graph.Name}' that this training would leave cannot be computed, so nothing was "
                + $"trained: torch says '{FirstLine(e.Message)}' "
                + $"for the inputs {string.Join(", ", inputs.Select(i => i.Dims))}. Look at Forward of the layers that are your own.", e);
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();

    private static IReadOnlyDictionary<string, OnnxTensor> Scored(ModelGraph graph, OnnxModel model, Dictionary<string, OnnxTensor> inputs)
    {
        try
        {
            return model.Run(inputs);
        }
        catch (Exception e) when (e is ModelFormatException or ArgumentException)
        {
            throw new NotSupportedException($"The graph '{graph.Name}' that this training would leave cannot be scored, so nothing was "
                + $"trained: {e.Message} Look at WriteOnnx of the layers that are your own.", e);
        }
    }

    private static string? Difference(string output, OnnxTensor expected, OnnxTensor got)
    {
        if (!expected.Dims.Equals(got.Dims) || expected.Data.Length != got.Data.Length)
        {
            return $"'{output}' torch gives {expected.Dims}, ONNX Runtime {got.Dims}";
        }

        var (a, b) = (Doubles(expected), Doubles(got));
        double scale = 1 + a.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < a.Length; i++)
        {
            bool same = double.IsFinite(a[i]) && double.IsFinite(b[i])
                ? Math.Abs(a[i] - b[i]) <= Tolerance * scale
                : a[i].Equals(b[i]) || double.IsNaN(a[i]);
            if (!same)
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"'{output}' value {i} is {a[i]:G6} in torch and {b[i]:G6} in ONNX Runtime");
            }
        }

        return null;
    }

    private static double[] Doubles(OnnxTensor tensor) => [.. tensor.Data.Cast<object>()
        .Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))];

    private static OnnxTensor Values(Shape shape, DataSummary? summary, Random random)
    {
        // A size that only data determines takes the data's size.
        var dims = shape.Dims
            .Select((d, i) => d.Size
                ?? (i == 0 ? Rows
                    : summary?.Shape is { } data && data.Rank == shape.Rank ? data[i].Size ?? Length
                    : Length))
            .ToValueList();
        int count = checked((int)dims.Aggregate(1L, (product, d) => checked(product * d)));
        return new(dims, shape.Type switch
        {
            ElementType.Int64 => new long[count],
            ElementType.Bool => Enumerable.Repeat(true, count).ToArray(),
            _ => Floats(dims, count, summary, random),
        });
    }

    // The values resemble the data where it is known. For other values the network's output may be infinite.
    private static float[] Floats(ValueList<long> dims, int count, DataSummary? summary, Random random)
    {
        var values = new float[count];
        var (mean, deviation) = (summary?.Mean ?? [], summary?.StandardDeviation ?? []);
        long perChannel = dims.Skip(2).Aggregate(1L, (product, d) => product * d);
        for (int i = 0; i < count; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            int channel = mean.Count == 0 ? 0 : (int)(i / perChannel % mean.Count);
            values[i] = mean.Count == 0 ? (float)normal : mean[channel] + (deviation[channel] * (float)normal);
        }

        return values;
    }

    private static Tensor TensorOf(OnnxTensor value) => value.Data switch
    {
        float[] floats => tensor(floats).reshape(value.Dims.ToArray()),
        long[] longs => tensor(longs).reshape(value.Dims.ToArray()),
        bool[] truths => tensor(truths).reshape(value.Dims.ToArray()),
        _ => throw new NotSupportedException($"Inputs of {value.Data.GetType().Name} cannot be tried."),
    };

    private static OnnxTensor OnnxTensorOf(Tensor value)
    {
        var plain = value.cpu().contiguous();
        return new(plain.shape.ToValueList(), plain.dtype switch
        {
            ScalarType.Int64 => plain.numel() == 0 ? Array.Empty<long>() : plain.data<long>().ToArray(),
            ScalarType.Bool => plain.numel() == 0 ? Array.Empty<bool>() : plain.data<bool>().ToArray(),
            _ => plain.numel() == 0 ? Array.Empty<float>() : plain.to(ScalarType.Float32).data<float>().ToArray(),
        });
    }
}

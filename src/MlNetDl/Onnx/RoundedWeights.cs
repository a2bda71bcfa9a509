using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>The weights that a graph holds in fewer bits: what its <c>DequantizeLinear</c> or <c>Cast</c> makes of constants,
/// under a weight's name.</summary>
internal static class RoundedWeights
{
    /// <summary>Marks the name of a weight that the graph holds transposed.</summary>
    public const string Transposed = ":transposed";

    /// <summary>The end of the name of the constant that holds a weight's integers; <see cref="StemOf"/> is its beginning.</summary>
    public const string Level = "/level";

    /// <summary>The beginning of the names of all that belongs to a rounded weight. Only weights in float have a dot in their names.</summary>
    public static string StemOf(string weight) => weight.Replace('.', '/');

    /// <exception cref="ModelFormatException">They contradict themselves.</exception>
    public static IEnumerable<WeightArray> Of(GraphProto graph)
    {
        var rounded = graph.Node.Where(n => n is { OpType: "DequantizeLinear" or "Cast", Output: [var name] } && name.Contains('.', StringComparison.Ordinal))
            .ToList();
        if (rounded.Count == 0)
        {
            yield break;
        }

        var constants = graph.Initializer.DistinctBy(t => t.Name).ToDictionary(t => t.Name);
        foreach (var cast in rounded.Where(n => n is { OpType: "Cast", Input.Count: 1 } && constants.ContainsKey(n.Input[0])))
        {
            var half = OnnxReader.Constant(constants[cast.Input[0]]);
            yield return new(cast.Output[0], half.Dims, Wide(half.Data));
        }

        foreach (var node in rounded.Where(n => n is { OpType: "DequantizeLinear", Input: [_, var scale, ..] } && constants.ContainsKey(scale)))
        {
            // Where the graph reads a kernel in another order (LinesToDepth), the weight as it is has its own name.
            if (!constants.TryGetValue(node.Input[0], out var level) && !constants.TryGetValue(StemOf(node.Output[0]) + Level, out level))
            {
                continue;
            }

            var (levels, scales) = (OnnxReader.Constant(level), OnnxReader.Constant(constants[node.Input[1]]));
            if (node.Input.Count > 2 && (!constants.TryGetValue(node.Input[2], out var zero) || OnnxReader.Constant(zero).Data is not { } zeros
                || zeros.Cast<object>().Any(z => Convert.ToInt64(z, System.Globalization.CultureInfo.InvariantCulture) != 0)))
            {
                // Not of this library, which rounds weights around 0.
                continue;
            }

            var axis = (int)(node.Attribute.FirstOrDefault(a => a.Name == "axis")?.I ?? 1);
            yield return Weight(node.Output[0], levels.Dims, levels.Data, (scales.Data as float[])!, axis);
        }
    }

    private static float[] Wide(Array data) => data switch
    {
        Half[] halves => Array.ConvertAll(halves, h => (float)h),
        ushort[] halves => Array.ConvertAll(halves, h => BitConverter.Int32BitsToSingle(h << 16)),
        _ => [],
    };

    private static WeightArray Weight(string name, ValueList<long> dims, Array levels, float[]? scales, int axis)
    {
        long inner = axis < dims.Count ? dims.Skip(axis + 1).Aggregate(1L, (product, d) => product * d) : 0;
        if (scales is not { Length: > 0 } || (scales.Length > 1 && (axis < 0 || axis >= dims.Count || scales.Length != dims[axis])))
        {
            throw new ModelFormatException($"The weight '{name}' of the ONNX model has scales that do not suit its dimensions.");
        }

        var data = new float[levels.Length];
        for (int i = 0; i < data.Length; i++)
        {
            float scale = scales.Length == 1 ? scales[0] : scales[i / inner % scales.Length];
            data[i] = scale * Convert.ToSingle(levels.GetValue(i), System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!name.EndsWith(Transposed, StringComparison.Ordinal) || dims.Count != 2)
        {
            return new(name, dims, data);
        }

        var (rows, columns) = ((int)dims[1], (int)dims[0]);
        var turned = new float[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            turned[i] = data[(i % columns * rows) + (i / columns)];
        }

        return new(name[..^Transposed.Length], [rows, columns], turned);
    }
}

using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Stores weights in 16 bits: half of the bytes, and no figure changes that one would notice. ONNX Runtime makes float32 of them
/// as it loads the model, so it is as fast and takes as much memory as before.</summary>
public sealed record HalfPrecision : StoredWeights
{
    /// <summary>The form; <see cref="HalfForm.Float16"/> by default, which has three more bits for digits than bfloat16, and a range of ±65,504
    /// that weights do not leave.</summary>
    public HalfForm As { get; init; } = HalfForm.Float16;

    /// <inheritdoc/>
    internal override string Name => "halfPrecision";

    /// <inheritdoc/>
    internal override string Words => As == HalfForm.Float16 ? "float16" : "bfloat16";

    /// <inheritdoc/>
    internal override WeightArray Rounded(WeightArray weight) => weight with { Data = [.. weight.Data.Select(Read)] };

    /// <inheritdoc/>
    internal override IOnnxPass Pass() => new CastPass(this);

    // To the nearest, ties to even; what float16 cannot hold is refused where it is stored.
    private float Read(float value) => As == HalfForm.Float16 ? (float)Fitting(value)
        : BitConverter.Int32BitsToSingle(BFloat16(value) << 16);

    private static Half Fitting(float value) => Half.IsFinite((Half)value) ? (Half)value
        : throw new ArgumentException($"halfPrecision: a weight of {value} is beyond the range of float16, ±65,504; take as: bfloat16.");

    private static ushort BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private sealed class CastPass(HalfPrecision stage) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            var (casts, constants) = (new List<OnnxNode>(), new List<OnnxConstant>());
            foreach (var constant in graph.Constants)
            {
                if (constant.Data is not float[] values || !names.IsWeight(constant.Name) || !stage.IsStored(constant.Name, constant.Dims))
                {
                    constants.Add(constant);
                    continue;
                }

                var name = $"{constant.Name.Replace('.', '/')}/half";
                Array half = stage.As == HalfForm.Float16 ? Array.ConvertAll(values, v => (Half)v) : Array.ConvertAll(values, BFloat16);
                constants.Add(constant with { Name = name, Data = half });
                // ONNX's number of float32 is 1.
                casts.Add(new("Cast", [name], [constant.Name], new Dictionary<string, object> { ["to"] = 1L }));
            }

            return graph.With(casts.Concat(graph.Nodes), constants);
        }
    }
}

/// <summary>A form of numbers in 16 bits.</summary>
public enum HalfForm
{
    /// <summary>IEEE 754 binary16: 11 bits of digits, up to 65,504.</summary>
    Float16,

    /// <summary>The upper half of a float32: 8 bits of digits, the range of float32.</summary>
    BFloat16,
}

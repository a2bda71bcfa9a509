using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Stores weights as integers of 8 or fewer bits with a scale for each output, and computes in float: needs no calibration, and suits
/// layers without integer kernels (Krishnamoorthi 2018, arXiv:1806.08342, section 3.1.1).</summary>
/// <remarks>For speed take <see cref="Int8"/>: ONNX Runtime multiplies out these weights at each call, unless it can do so once as it loads the
/// model. Of fewer bits than 8 only the model file gets smaller: no type of the <c>.onnx</c>'s version has them.</remarks>
public sealed record WeightOnly : StoredWeights
{
    /// <summary>Bits of a weight, 1 to 8; 8 by default.</summary>
    [AtLeast(1), AtMost(8)]
    public int Bits { get; init; } = 8;

    /// <inheritdoc/>
    internal override string Name => "weightOnly";

    /// <inheritdoc/>
    internal override string Words => $"{Bits}-bit integers";

    /// <inheritdoc/>
    internal override WeightArray Rounded(WeightArray weight)
    {
        var scales = WeightGrid.Scales(weight.Data, weight.Dims, 0, Bits, perChannel: true);
        var levels = WeightGrid.Round(weight.Data, weight.Dims, 0, Bits, scales);
        return weight with { Data = [.. levels.Select((level, i) => level * scales[WeightGrid.ChannelOf(i, weight.Dims, 0)])] };
    }

    /// <inheritdoc/>
    internal override IOnnxPass Pass() => new LevelPass(this);

    private sealed class LevelPass(WeightOnly stage) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            var (nodes, constants) = (new List<OnnxNode>(), new List<OnnxConstant>());
            foreach (var constant in graph.Constants)
            {
                if (constant.Data is not float[] values || !names.IsWeight(constant.Name) || !stage.IsStored(constant.Name, constant.Dims))
                {
                    constants.Add(constant);
                    continue;
                }

                var stem = RoundedWeights.StemOf(constant.Name);
                var scales = WeightGrid.Scales(values, constant.Dims, 0, stage.Bits, perChannel: true);
                constants.Add(constant with { Name = stem + RoundedWeights.Level, Data = WeightGrid.Round(values, constant.Dims, 0, stage.Bits, scales) });
                constants.Add(new($"{stem}/scale", [scales.Length], scales));
                nodes.Add(new(
                    "DequantizeLinear", [stem + RoundedWeights.Level, $"{stem}/scale"], [constant.Name], new Dictionary<string, object> { ["axis"] = 0L }));
            }

            return graph.With(nodes.Concat(graph.Nodes), constants);
        }
    }
}

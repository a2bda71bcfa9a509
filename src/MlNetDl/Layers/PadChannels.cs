using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Shortcut without weights (He et al. 2015, option A): every <paramref name="Stride"/>-th pixel, and zeros as
/// the channels that are missing, half before and half behind, or as <see cref="Before"/> says.</summary>
/// <param name="Out">Output channels, at least those of the input.</param>
/// <param name="Stride">Step in both directions, 1 or more.</param>
/// <remarks>[N, C, H, W] → [N, Out, ⌈H / Stride⌉, ⌈W / Stride⌉].</remarks>
public sealed record PadChannels([property: AtLeast(1)] int Out, [property: AtLeast(1)] int Stride = 1)
    : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <summary>How many of the missing channels stand before those of the input; the others stand behind. Half of them,
    /// rounded down, unless given. Pruning makes other splits.</summary>
    [AtLeast(0), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Before { get; init; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        if (Out < x.Size(1))
        {
            throw new ShapeException($"PadChannels cannot make {Out} channels of {x.Size(1)}: it only adds.");
        }

        if (Before > Out - x.Size(1))
        {
            throw new ShapeException($"PadChannels cannot put {Before} channels before {x.Size(1)} to make {Out}; let before be at most "
                + $"{Out - x.Size(1)}.");
        }

        return x.With(1, Out).With(2, (x.Size(2) + Stride - 1) / Stride).With(3, (x.Size(3) + Stride - 1) / Stride);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var (before, behind) = Missing((int)input.shape[1]);
        var x = Stride == 1 ? input : input.slice(2, 0, input.shape[2], Stride).slice(3, 0, input.shape[3], Stride);
        return nn.functional.pad(x, [0, 0, 0, 0, before, behind]);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var (before, behind) = Missing(input.Shape!.Size(1));
        var sliced = graph.Add("Slice",
        [
            input,
            graph.Constant("starts", new long[] { 0, 0 }),
            graph.Constant("ends", new[] { long.MaxValue, long.MaxValue }),
            graph.Constant("axes", new long[] { 2, 3 }),
            graph.Constant("steps", new long[] { Stride, Stride }),
        ]);
        return graph.Add("Pad", [sliced, graph.Constant("pads", new long[] { 0, before, 0, 0, 0, behind, 0, 0 })]);
    }

    /// <summary>The input's channels between channels of their own, which are 0.</summary>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups)
    {
        var (before, behind) = Missing(input.Groups.Count);
        return new([.. groups.Fresh(before).Groups, .. input.Groups, .. groups.Fresh(behind).Groups]);
    }

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut)
    {
        int stay = cut.Outputs[0].Count(o => o < Missing(cut.Shapes[0].Size(1)).Before);
        return this with { Out = cut.Out, Before = stay == (cut.Out - cut.In) / 2 ? null : stay };
    }

    private (int Before, int Behind) Missing(int channels)
    {
        int before = Before ?? (Out - channels) / 2;
        return (before, Out - channels - before);
    }
}

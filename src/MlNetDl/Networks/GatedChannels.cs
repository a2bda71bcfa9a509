using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>A network of which each row uses the channels that matter for it: feature boosting and suppression (Gao et al. 2018,
/// arXiv:1810.05331).</summary>
/// <remarks>
/// Before each convolution with batch normalisation behind it, the mean of each channel of its input foretells how much each output channel
/// matters (eq. 6, by a linear layer and ReLU); the greatest are kept, and multiply the normalised channels (eq. 3 to 5). The paper's L1 penalty of
/// these factors is the stage <c>gatePenalty</c>. The scoring graph multiplies too: gathering the kept kernels row by row is
/// slower on ONNX Runtime than computing all (<c>docs/compression.md</c>), so this saves no time there, and the multiply–adds that
/// are told count all channels.
/// </remarks>
public sealed record GatedChannels : NetworkSpec
{
    /// <summary>The network, with batch normalisation behind its convolutions.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The share of channels that a row keeps, above 0 and at most 1; 0.5 by default, at which the paper loses nothing.</summary>
    [Above(0), AtMost(1)]
    public double Share { get; init; } = 0.5;

    /// <inheritdoc/>
    public override Shape UsualInput => Network.UsualInput;

    // The features need gates, but nobody trains on their own.
    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Gated(Network.Backbone(input), TapRole.Wire);

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => Network.Head(input, outputs);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The network has no convolution with batch normalisation behind it.</exception>
    public override Layer Build(Shape input, int outputs) => Gated(Network.Build(input, outputs), TapRole.Training);

    private Layer Gated(Layer root, TapRole role)
    {
        int count = 0;
        var gated = Gated(root, role, ref count);
        return count > 0 ? gated : throw new ShapeException($"gatedChannels of {Network.GetType().Name}: it has no convolution with batch normalisation "
            + "right behind it; take a network that has (cifarResNet, resNet, vgg with batchNorm).");
    }

    private Layer Gated(Layer layer, TapRole role, ref int count)
    {
        switch (layer)
        {
            case Sequential sequential:
                var children = new List<Layer>();
                foreach (var (index, child) in sequential.Children.Index())
                {
                    var name = child.Name ?? LeafPlace.IndexName(index);
                    if (child is Conv2d conv && sequential.Children.ElementAtOrDefault(index + 1) is BatchNorm2d)
                    {
                        var wire = FormattableString.Invariant($"channels{++count}");
                        children.AddRange([new Tap(wire, GateOf(conv.Out)) { Name = "", Role = role }, conv with { Name = name }]);
                    }
                    else if (child is BatchNorm2d norm && index > 0 && sequential.Children[index - 1] is Conv2d)
                    {
                        var wire = FormattableString.Invariant($"channels{count}");
                        children.AddRange([norm with { Name = name }, new Product { Name = $"{wire}-product", With = [wire] }]);
                    }
                    else
                    {
                        children.Add(Gated(child, role, ref count) with { Name = name });
                    }
                }

                return sequential with { Children = children.ToValueList() };
            case Branches branches:
                var values = new List<Layer>();
                foreach (var child in branches.Children)
                {
                    values.Add(Gated(child, role, ref count));
                }

                return branches with { Children = values.ToValueList() };
            default:
                return layer;
        }
    }

    // The bias of 1 lets all channels matter alike at first, as the paper begins.
    private Sequential GateOf(int channels) => new(
        new GlobalAvgPool(),
        new Flatten(),
        new Linear(channels) { Name = "saliency", BiasInit = new ConstantInit(1) },
        new ReLU(),
        new TopK(Math.Max(1, (int)Math.Ceiling(Share * channels))));
}

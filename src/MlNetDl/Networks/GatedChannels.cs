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
/// these factors is the stage <c>gatePenalty</c>.
/// <para>The paper gives gates to a trained network, as the stage <c>channelGates</c> does; from fresh weights it takes far more epochs than
/// without. Unlike in the paper the means are normalised over the batch: factors that grow with the means make those of the next layer grow,
/// and the training diverges.</para>
/// The scoring graph multiplies too: gathering the kept kernels row by row is slower on ONNX Runtime than computing all
/// (<c>docs/compression.md</c>), so this saves no time there, and the multiply–adds that are told count all channels.
/// </remarks>
public sealed record GatedChannels : NetworkSpec
{
    private const string Wire = "channels";

    /// <summary>The network, with batch normalisation behind its convolutions.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The share of channels that a row keeps, above 0 and at most 1; 0.5 by default, at which the paper loses nothing.</summary>
    [Above(0), AtMost(1)]
    public double Share { get; init; } = 0.5;

    /// <inheritdoc/>
    public override Shape UsualInput => Network.UsualInput;

    // The features need gates, but nobody trains on their own.
    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Gated(Network.Backbone(input), Share, TapRole.Wire, Whose);

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => Network.Head(input, outputs);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The network has no convolution with batch normalisation behind it.</exception>
    public override Layer Build(Shape input, int outputs) => Gated(Network.Build(input, outputs), Share, TapRole.Training, Whose);

    private string Whose => $"gatedChannels of {Network.GetType().Name}";

    /// <summary>The tree with gates before its convolutions.</summary>
    /// <param name="root">The tree; names of its weights stay.</param>
    /// <param name="share">The share of channels that a row keeps.</param>
    /// <param name="role">What the gates are for, beside scoring.</param>
    /// <param name="who">Who asks, for messages.</param>
    /// <exception cref="ShapeException">It has no convolution with batch normalisation behind it, or has gates already.</exception>
    internal static Layer Gated(Layer root, double share, TapRole role, string who)
    {
        if (GateIn(root) is { } known)
        {
            throw new ShapeException($"{who}: the network has gates of channels already ('{known}'); give it gates once.");
        }

        int count = 0;
        var gated = Gated(root, share, role, ref count);
        if (count == 0)
        {
            throw new ShapeException($"{who}: it has no convolution with batch normalisation right behind it; take a network that has (cifarResNet, "
                + "resNet, vgg with batchNorm).");
        }

        return gated;
    }

    // The wire of a gate: a tap of this name whose value multiplies channels.
    private static string? GateIn(Layer root)
    {
        var layers = All(root).ToList();
        var products = layers.OfType<Product>().SelectMany(p => p.With).ToHashSet();
        return layers.OfType<Tap>().Select(t => t.Wire).FirstOrDefault(w => products.Contains(w)
            && w.StartsWith(Wire, StringComparison.Ordinal) && w.Length > Wire.Length && w.AsSpan(Wire.Length).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static IEnumerable<Layer> All(Layer layer) => (layer switch
    {
        Sequential sequential => sequential.Children,
        Branches branches => branches.Children.Prepend(branches.Join),
        Shared shared => [shared.Inner],
        _ => Enumerable.Empty<Layer>(),
    }).SelectMany(All).Prepend(layer);

    private static Layer Gated(Layer layer, double share, TapRole role, ref int count)
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
                        var wire = FormattableString.Invariant($"{Wire}{++count}");
                        children.AddRange([new Tap(wire, GateOf(conv.Out, share)) { Name = "", Role = role }, conv with { Name = name }]);
                    }
                    else if (child is BatchNorm2d norm && index > 0 && sequential.Children[index - 1] is Conv2d)
                    {
                        var wire = FormattableString.Invariant($"{Wire}{count}");
                        children.AddRange([norm with { Name = name }, new Product { Name = $"{wire}-product", With = [wire] }]);
                    }
                    else
                    {
                        children.Add(Gated(child, share, role, ref count) with { Name = name });
                    }
                }

                return sequential with { Children = children.ToValueList() };
            case Branches branches:
                var values = new List<Layer>();
                foreach (var child in branches.Children)
                {
                    values.Add(Gated(child, share, role, ref count));
                }

                return branches with { Children = values.ToValueList() };
            default:
                return layer;
        }
    }

    // The bias of 1 lets all channels matter alike at first, as the paper begins. A factor sums over the means of all inputs: without the scale one
    // step moves it as many times as far as the scale of a normalisation, and training diverges. The tree does not tell how many inputs there are;
    // the outputs stand for them, which are mostly as many.
    private static Sequential GateOf(int channels, double share) => new(
        new GlobalAvgPool(),
        new BatchNorm2d { Name = "norm", InitialScale = 1 / Math.Sqrt(channels) },
        new Flatten(),
        new Linear(channels) { Name = "saliency", BiasInit = new ConstantInit(1) },
        new ReLU(),
        new TopK(Math.Max(1, (int)Math.Ceiling(share * channels))));
}

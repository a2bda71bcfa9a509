using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>How a gate becomes open or closed.</summary>
public enum GateKind
{
    /// <summary>A step of one logit, with gradients passed straight through (Bengio et al. 2013, arXiv:1308.3432).</summary>
    StraightThrough,

    /// <summary>A draw of one of two logits while it trains, the greater one afterwards (Jang et al. 2016, arXiv:1611.01144).</summary>
    Gumbel,
}

/// <summary>A residual network of which each row skips the blocks that it does not need (SkipNet, Wang et al. 2018,
/// arXiv:1711.09485).</summary>
/// <remarks>
/// Each residual branch beside an unchanged input gets a gate: the mean of each channel of the block's input, a hidden layer and a
/// logit. In the scoring graph a branch computes only the rows whose gate is open. While a network trains all rows go through all
/// branches, times their gates. Gates begin open; only a penalty closes them (the stage <c>gatePenalty</c>). The paper trains gates by
/// reinforcement after that; this has the supervised part alone. The weights of the network keep their names.
/// </remarks>
public sealed record GatedBlocks : NetworkSpec
{
    /// <summary>The residual network, such as <see cref="CifarResNet"/>.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>How a gate becomes open or closed; a straight-through step by default, which draws nothing.</summary>
    public GateKind Gate { get; init; }

    /// <summary>Units of a gate's hidden layer, 1 or more; 16 by default, so that a gate costs little beside a block.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 16;

    /// <summary>The temperature of <see cref="GateKind.Gumbel"/>, above 0; 1 by default. Ignored by the other.</summary>
    [Above(0)]
    public double Temperature { get; init; } = 1;

    /// <inheritdoc/>
    public override Shape UsualInput => Network.UsualInput;

    // The features need gates, but nobody trains on their own.
    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Gated(Network.Backbone(input), TapRole.Wire);

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => Network.Head(input, outputs);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The network has no residual branch beside an unchanged input.</exception>
    public override Layer Build(Shape input, int outputs) => Gated(Network.Build(input, outputs), TapRole.Training);

    private Layer Gated(Layer root, TapRole role)
    {
        int count = 0;
        var gated = Gated(root, role, ref count);
        return count > 0 ? gated : throw new ShapeException($"gatedBlocks of {Network.GetType().Name}: it has no residual branch beside an unchanged "
            + "input that rows could skip; take a residual network (cifarResNet, resNet), or earlyExit.");
    }

    private Layer Gated(Layer layer, TapRole role, ref int count)
    {
        switch (layer)
        {
            case Sequential sequential:
                var children = new List<Layer>();
                foreach (var child in sequential.Children)
                {
                    children.Add(Gated(child, role, ref count));
                }

                return sequential with { Children = children.ToValueList() };
            case Branches { Join: Sum { With.Count: 0 }, Children: [var body, Identity shortcut] } branches:
                var wire = FormattableString.Invariant($"gate{++count}");
                return new Sequential(
                    new Tap(wire, GateOf()) { Name = "", Role = role },
                    branches with
                    {
                        Name = "",
                        Join = new AddRows(wire) { Name = branches.Join.Name },
                        Children =
                        [
                            shortcut with { Name = shortcut.Name ?? "1" },
                            new Sequential(new OpenRows(wire) { Name = "open" }, body with { Name = body.Name ?? "0" }) { Name = "" },
                        ],
                    })
                { Name = branches.Name };
            default:
                return layer;
        }
    }

    private Sequential GateOf()
    {
        bool isStep = Gate == GateKind.StraightThrough;
        return new(
        [
            new GlobalAvgPool(), new Flatten(), new Linear(Hidden) { Name = "hidden" }, new ReLU(),

            // Open at the beginning: by the bias the logits are above 0, and of two the first is the greater.
            new Linear(isStep ? 1 : 2) { Name = "logit", BiasInit = isStep ? new ConstantInit(0.5) : new FixedInit([1.5f, -1.5f]) },
            isStep ? new StraightThrough() : new GumbelSoftmax(Temperature),
        ]);
    }
}

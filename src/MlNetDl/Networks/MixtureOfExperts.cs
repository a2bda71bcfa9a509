using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Several networks of one architecture, of which each row asks the best one or some (Shazeer et al. 2017, arXiv:1701.06538;
/// with one expert a row as in Fedus et al. 2021, arXiv:2101.03961).</summary>
/// <remarks>
/// A router weighs the experts by a softmax and keeps the greatest <see cref="Top"/> weights; the output is the sum of those experts'
/// outputs by their weights. In the scoring graph each expert computes only the rows that ask it. While a network trains all experts
/// see all rows, times their weights. Without a penalty a few experts get all rows: train with the stage <c>loadBalance</c>.
/// </remarks>
public sealed record MixtureOfExperts : NetworkSpec
{
    /// <summary>The architecture of each expert.</summary>
    public required NetworkSpec Expert { get; init; }

    /// <summary>How many experts there are, 2 or more; 4 by default.</summary>
    [AtLeast(2)]
    public int Experts { get; init; } = 4;

    /// <summary>How many of them a row asks, 1 to <see cref="Experts"/>; 1 by default, which costs least.</summary>
    [AtLeast(1)]
    public int Top { get; init; } = 1;

    /// <summary>Units of the router's hidden layer; 0, the default, for a router of one linear layer.</summary>
    [AtLeast(0)]
    public int Router { get; init; }

    /// <inheritdoc/>
    public override Shape UsualInput => Expert.UsualInput;

    /// <inheritdoc/>
    /// <remarks>The mixed features of the experts.</remarks>
    public override Layer Backbone(Shape input) => new Sequential(Gates(input, TapRole.Wire), Mixed(Expert.Backbone(input)));

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => Expert.Head(input, outputs);

    /// <inheritdoc/>
    /// <remarks>The experts have heads of their own.</remarks>
    public override Layer Build(Shape input, int outputs) => new Sequential(Gates(input, TapRole.Training), Mixed(Expert.Build(input, outputs)));

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Top <= Experts ? [] : [new("top", FormattableString.Invariant($"must be at most the {Experts} experts but is {Top}."))];

    private Tap Gates(Shape input, TapRole role) => new(
        "router",
        new Sequential(
        [
            .. input.Rank > 2 ? [new Flatten()] : (Layer[])[],
            .. Router > 0 ? [new Linear(Router) { Name = "hidden" }, new ReLU()] : (Layer[])[],
            new Linear(Experts) { Name = "logits" }, new Softmax(), new TopK(Top),
        ]))
    { Name = "", Role = role };

    // Taps of an expert would be published by each.
    private Branches Mixed(Layer expert) => new(
        new AddRows("router", Experts),
        [.. Enumerable.Range(0, Experts).Select(i => (Layer)new Sequential(
            new OpenRows("router", i) { Name = "open" },
            expert with { Name = "" })
        { Name = FormattableString.Invariant($"expert{i + 1}") })])
    { Name = "" };
}

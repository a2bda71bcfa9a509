using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Makes two or three smaller layers of one: matrices and kernels are replaced by factors of lower rank, and trained on
/// (Denton et al. 2014, arXiv:1404.0736; Kim et al. 2015, arXiv:1511.06530).</summary>
/// <example><code>
/// stages:
///   - fit
///   - { type: lowRank, energy: 0.8, fineTune: { epochs: 3 } }
/// </code></example>
/// <remarks>
/// A linear layer, and a convolution of 1×1, becomes two by its singular value decomposition: no other two of that rank are
/// nearer to it (Eckart and Young 1936). A convolution of k×k becomes 1×1, k×k and 1×1 (<see cref="ConvolutionFactors"/>). Only
/// the last has the bias. Factors are computed in double precision.
/// <para>A layer whose factors would not take fewer multiply–adds stays as it is, and is told; with <see cref="Amount"/> of
/// parameters or bytes, one whose factors would not have fewer weights. So do convolutions with groups, weights that layers of
/// different kinds share, and auxiliary heads, which are no part of what scores. A weight that several layers of one kind share
/// is factorised in all of them alike.</para>
/// <para>Zeros of pruned weights and values of clustered ones do not survive: prune behind it. In a model of several networks
/// each is factorised by itself.</para>
/// </remarks>
public sealed record LowRank : Stage
{
    internal const double DefaultEnergy = 0.9;

    /// <summary>The share of the energy that each layer keeps, of the sum of its squared singular values; above 0 and at most 1.
    /// <see langword="null"/> takes 0.9 where no other member says how low ranks are. With
    /// <see cref="ConvolutionFactors.Tucker"/> each of both channel dimensions keeps it.</summary>
    [Above(0), AtMost(1)]
    public double? Energy { get; init; }

    /// <summary>The rank of each layer instead, 1 or more.</summary>
    [AtLeast(1)]
    public int? Rank { get; init; }

    /// <summary>The rank of each layer as a share of its full rank instead, above 0 and at most 1; rounded up.</summary>
    [Above(0), AtMost(1)]
    public double? Ratio { get; init; }

    /// <summary>The share of <see cref="Of"/> that goes instead, 0 or more and below 1. The greatest share of the energy with
    /// which enough goes is looked for, the same in all layers.</summary>
    [AtLeast(0), Below(1)]
    public double? Amount { get; init; }

    /// <summary>What <see cref="Amount"/> is a share of: multiply–adds by default; or parameters, bytes or latency.</summary>
    public PruningMeasure Of { get; init; } = PruningMeasure.Macs;

    /// <summary>How kernels larger than 1×1 are factorised; by Tucker's decomposition by default, which saves most.</summary>
    public ConvolutionFactors Convolutions { get; init; }

    /// <summary>Ranks are multiples of this, 1 or more, rounded up. 1 by default; processors like 8 or 16.</summary>
    [AtLeast(1)]
    public int Multiple { get; init; } = 1;

    /// <summary>Paths of layers that are left as they are, such as <c>conv1</c> or <c>stage1</c> with all below it.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>The training of the factors; none by default, where later stages train.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        (string Member, bool IsGiven)[] rules =
        [
            ("energy", Energy is not null),
            ("rank", Rank is not null),
            ("ratio", Ratio is not null),
            ("amount", Amount is not null),
        ];
        var given = rules.Where(r => r.IsGiven).Select(r => r.Member).ToList();
        if (given.Count > 1)
        {
            yield return new(given[1], $"must be left out beside {given[0]}: one of them says how low ranks are.");
        }

        if (Of == PruningMeasure.Channels)
        {
            yield return new("of", "is channels, which a factorisation does not remove; take macs, parameters, bytes or latency.");
        }
    }

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        LayerPaths.Check(context, this, Keep, "lowRank.keep", context.Model.Networks.Values
            .SelectMany(n => n.Plan().ForScoring().Steps).Where(s => s.Leaf is Linear or Conv2d).Select(s => s.Path));
        Refuse(context.Model);
        if (Amount is not { } amount || Of is not (PruningMeasure.Macs or PruningMeasure.Parameters)
            || !context.FindsFirstNetworks(this))
        {
            return;
        }

        foreach (var (name, network) in context.Model.Networks)
        {
            var layers = LayersOf(network, context.Model.Weights[name]);
            if (layers.All.Count > 0)
            {
                new RankChoice(this, network, context.Model.Weights[name], layers, []).RequireReachable(amount);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no layer to factorise, or so much cannot go.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context.Model);
        var (networks, weights) = (new Dictionary<string, Network>(), new Dictionary<string, Weights>());
        foreach (var (name, network) in context.Model.Networks)
        {
            (networks[name], weights[name]) = Factorised(context, name, network, context.Model.Weights[name]);
        }

        bool Stays(string weight) => context.Model.Weights.All(w => !w.Value.Contains(weight) || weights[w.Key].Contains(weight));
        var lost = context.Model.Pruned.Concat(context.Model.Clustered).Distinct().Where(w => !Stays(w)).ToList();
        if (lost.Count > 0)
        {
            context.Message($"warning: lowRank replaces {string.Join(", ", lost)}, which earlier stages pruned or clustered; the factors are neither. "
                + "Put those stages behind it.");
        }

        var model = context.Model with
        {
            Networks = networks,
            Weights = weights,
            Pruned = [.. context.Model.Pruned.Where(Stays)],
            Clustered = [.. context.Model.Clustered.Where(Stays)],
        };
        return FineTune?.Run(context with { Model = model }) ?? model;
    }

    private (Network Network, Weights Weights) Factorised(StageContext context, string name, Network network, Weights weights)
    {
        var layers = LayersOf(network, weights);
        // A measured time would choose otherwise after an interruption.
        var ranks = context.Once($"ranks of {name}", () => new RankChoice(this, network, weights, layers, context.Model.Passes).Choose(context.Stop)
            .ToDictionary(r => r.Key, r => new List<int> { r.Value.In, r.Value.Out }))
            .ToDictionary(r => r.Key, r => new FactorRanks(r.Value[0], r.Value[1]));
        var factorised = FactorLayers.Rewrite(network, ranks);
        context.Message(FactorMessage.Of(this, name, layers, ranks, network.Plan(), factorised.Plan()));
        return (factorised, layers.Rewrite(weights, ranks));
    }

    private FactorLayers LayersOf(Network network, Weights weights) => FactorLayers.Of(network.Plan(), weights, Keep, Convolutions);

    private void Refuse(TrainedModel model)
    {
        var layers = model.Networks.Select(n => LayersOf(n.Value, model.Weights[n.Key])).ToList();
        if (layers.All(l => l.All.Count == 0))
        {
            throw new ArgumentException("lowRank finds nothing to factorise: no linear layer and no convolution that scores, or all are kept."
                + string.Concat(layers.SelectMany(l => l.Left).Select(l => $" {l.Path}: {l.Reason}.")));
        }
    }
}

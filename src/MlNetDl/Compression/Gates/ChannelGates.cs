using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Gives a trained network gates by which each row uses the channels that matter for it, and trains on: feature boosting and
/// suppression as in the paper, which begins with a trained network (Gao et al. 2018, arXiv:1810.05331, section 4).</summary>
/// <example><code>
/// stages:
///   - fit
///   - { type: channelGates, share: 0.5, fineTune: { epochs: 3 } }
/// </code></example>
/// <remarks>The network becomes a <see cref="GatedChannels"/>: its weights stay, those of the gates are fresh. With a <see cref="Share"/> below 1
/// gates choose by chance until they are trained.</remarks>
public sealed record ChannelGates : Stage
{
    /// <summary>The share of channels that a row keeps, above 0 and at most 1; 0.5 by default, at which the paper loses little.</summary>
    [Above(0), AtMost(1)]
    public double Share { get; init; } = 0.5;

    /// <summary>The training of the gates with all other weights; none by default, where later stages train.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var network in context.Model.Networks.Values)
        {
            Gated(network);
        }

        bool isTrained = FineTune is not null
            || context.Options.Stages.SkipWhile(s => !ReferenceEquals(s, this)).Skip(1).Any(s => s is not FitHook && s.Trains != false);
        if (!isTrained)
        {
            context.Message("warning: channelGates: nothing trains the gates, which are fresh and choose by chance; give it a fineTune, put a 'fit' "
                + "behind it, or continue from the model that it leaves");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A network has no convolution with batch normalisation behind it, or has gates already.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (networks, weights) = (new Dictionary<string, Network>(), new Dictionary<string, Weights>());
        foreach (var (name, network) in context.Model.Networks)
        {
            networks[name] = Gated(network);
            using var torch = new TorchNetwork(networks[name]);
            var trained = context.Model.Weights[name];
            weights[name] = new(torch.ReadWeights().Select(w => trained.Contains(w.Name) ? trained[w.Name] : w));
        }

        int gates = networks.Values.Sum(n => GatesOf.Channels(n.Plan()).Count);
        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"channelGates: {gates:N0} convolutions get gates, by which each row uses {Share:0.#%} of their channels"));

        var model = context.Model with { Networks = networks, Weights = weights };
        return FineTune?.Run(context with { Model = model }) ?? model;
    }

    private Network Gated(Network network) => network with { Root = GatedChannels.Gated(network.Root, Share, TapRole.Training, "channelGates") };
}

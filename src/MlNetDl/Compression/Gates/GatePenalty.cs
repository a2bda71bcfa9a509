using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>A price of open gates, in the fit before it: rows then skip blocks (<see cref="GatedBlocks"/>), and gates of channels become
/// sparse (<see cref="GatedChannels"/>).</summary>
/// <remarks>
/// To the loss is added <see cref="Weight"/> times the mean over all gates and rows: for blocks the share that is computed, each block by its
/// multiply–adds; for channels the mean factor, the L1 penalty of Gao et al. 2018, arXiv:1810.05331, section 3.2. With a <see cref="Target"/>
/// it is the squared distance of the mean from that instead.
/// </remarks>
public sealed record GatePenalty : FitHook
{
    /// <summary>The weight of the term, above 0; 0.1 by default, which suits blocks. Of channels much less: 1e-8 in the paper for a sum, of
    /// which this is the mean.</summary>
    [Above(0)]
    public double Weight { get; init; } = 0.1;

    /// <summary>The mean that is wanted, 0 or more, such as 0.5 for half of the blocks; <see langword="null"/>, the default, for as little as the
    /// loss bears.</summary>
    [AtLeast(0)]
    public double? Target { get; init; }

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no gates.</exception>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // No other stage of this library adds gates; a stage of a host may.
        if (!context.Before(this).Any(s => s is ChannelGates || (!s.KeepsNetworks && s.GetType().Assembly != typeof(Stage).Assembly)))
        {
            Refuse(context.Model);
        }
    }

    /// <inheritdoc/>
    public override StepHook Start(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context.Model);
        return new Term(this);
    }

    private static void Refuse(TrainedModel model)
    {
        if (!model.Networks.Values.Any(n => GatesOf.Blocks(n.Plan()).Count + GatesOf.Channels(n.Plan()).Count > 0))
        {
            throw new ArgumentException("gatePenalty needs a network with gates, but this one has none; wrap it: network: { type: gatedBlocks, network: "
                + "… } or { type: gatedChannels, network: … }, or put the stage channelGates before the fit.");
        }
    }

    private sealed class Term(GatePenalty settings) : StepHook
    {
        private IReadOnlyList<(string Wire, double Share)> gates = [];
        private HashSet<string> blocks = [];

        public override void Start(TorchNetwork network, TrainingOptions options)
        {
            var blocks = GatesOf.Blocks(network.Plan);
            this.blocks = [.. blocks.Select(b => b.Wire)];
            var channels = GatesOf.Channels(network.Plan);
            double all = blocks.Sum(b => (double)b.Macs);
            gates =
            [
                .. blocks.Select(b => (b.Wire, all == 0 ? 1.0 / blocks.Count : b.Macs / all)),
                .. channels.Select(c => (c, 1.0 / channels.Count)),
            ];
        }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            var mean = gates.Select(g => Open(g.Wire, outputs[g.Wire]).Mul(g.Share)).Aggregate((a, b) => a.Add(b));
            return loss.Add((settings.Target is { } target ? mean.Sub(target).Pow(2) : mean).Mul(settings.Weight));
        }

        // A choice of two has a column for open and one for closed; the mean over both is a half, whatever it chooses.
        private Tensor Open(string wire, Tensor gate) => (blocks.Contains(wire) && gate.shape[1] == 2 ? gate.select(1, 0) : gate).mean();
    }
}

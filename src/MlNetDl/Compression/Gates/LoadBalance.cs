using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>A price of experts that get unlike shares of the rows (<see cref="MixtureOfExperts"/>), in the fit before it; without it a few
/// experts get all.</summary>
/// <remarks>To the loss is added <see cref="Weight"/> times the squared coefficient of variation of the experts' importance, which is
/// the sum of their weights over the batch (Shazeer et al. 2017, arXiv:1701.06538, eq. 6 and 7).</remarks>
public sealed record LoadBalance : FitHook
{
    /// <summary>The weight of the term, above 0; 0.1 by default, as in the paper (table 6).</summary>
    [Above(0)]
    public double Weight { get; init; } = 0.1;

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no experts.</exception>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Model.Networks.Values.Any(n => GatesOf.Experts(n.Plan()).Count > 0))
        {
            throw new ArgumentException("loadBalance needs a network with experts, but this one has none; take network: { type: mixtureOfExperts, "
                + "expert: … }.");
        }
    }

    /// <inheritdoc/>
    public override StepHook Start(StageContext context) => new Term(Weight);

    private sealed class Term(double weight) : StepHook
    {
        private IReadOnlyList<string> wires = [];

        public override void Start(TorchNetwork network, TrainingOptions options) => wires = GatesOf.Experts(network.Plan);

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            foreach (var wire in wires)
            {
                var importance = outputs[wire].sum(dim: 0);
                var mean = importance.mean();
                loss = loss.Add(((importance - mean).Pow(2).mean() / mean.Pow(2).ClampMin(1e-10)).Mul(weight));
            }

            return loss;
        }
    }
}

using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>One step of an <see cref="Autoencoder"/>: the error of the reconstruction, and penalties of the code.</summary>
internal sealed class AutoencoderStep(StepStart start, Autoencoder model) : LatentStep(start, model)
{
    /// <summary>The loss, the mean over rows of −log p(x | code), the mean squared error of a scaled value, and the penalties.</summary>
    public const string Loss = "loss", Reconstruction = "reconstruction", SquaredError = "squaredError", Sparsity = "sparsity",
        Contraction = "contraction";

    protected override IReadOnlyList<string> Names { get; } =
    [
        Loss, Reconstruction, SquaredError,
        .. model.Sparsity > 0 ? [Sparsity] : (string[])[],
        .. model.Contraction > 0 ? [Contraction] : (string[])[],
    ];

    public override bool DependsOnLength => false;

    protected override LatentParts PartsOf(Batch batch, double share)
    {
        var values = Observed(batch);
        bool contracts = model.Contraction > 0;
        using var gradients = contracts ? enable_grad() : null;
        values = contracts ? values.detach().requires_grad_() : values;
        var made = Network.Forward(values);
        var (code, observed) = (made[LatentModel.Mean], made[LatentModel.Observed].flatten(1));
        var output = made[Analysis.Network.DefaultOutput];
        var reconstruction = model.Likelihood.NegativeLog(output, observed);
        var expected = model.Likelihood.IsOfShares ? output.sigmoid() : output;
        var loss = reconstruction;
        var parts = new List<Tensor> { reconstruction, (expected.detach() - observed.detach()).Pow(2).mean([1]) };
        if (model.Sparsity > 0)
        {
            var magnitude = code.abs().sum([1]);
            loss = loss.Add(magnitude.Mul(model.Sparsity));
            parts.Add(magnitude);
        }

        if (contracts)
        {
            // By rows on the scale of the network, so that units of the features do not count.
            var slope = Gradients.Of((code * randn_like(code)).sum(), [made[LatentModel.Observed]], create: true)[0];
            var norm = slope.flatten(1).Pow(2).sum([1]);
            loss = loss.Add(norm.Mul(model.Contraction));
            parts.Add(norm);
        }

        return new([loss, .. parts], code);
    }
}

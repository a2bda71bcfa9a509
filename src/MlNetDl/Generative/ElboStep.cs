using MlNetDl.Data;
using MlNetDl.Tasks;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>One step of a <see cref="Vae"/>: −log p(x | z) + KL(q(z | x) ‖ p(z)), sums over values and codes, the mean over rows.</summary>
internal sealed partial class ElboStep(StepStart start, Vae model) : LatentStep(start, model)
{
    private readonly LabelInfo label = start.Label;

    public override bool DependsOnLength => model.Kl.DependsOnLength;

    protected override IReadOnlyList<string> Names { get; } =
        [ElboTraining.Loss, ElboTraining.NegativeElbo, ElboTraining.Reconstruction, ElboTraining.Divergence];

    protected override LatentParts PartsOf(Batch batch, double share)
    {
        var values = Observed(batch);
        int rows = (int)values.shape[0];
        var condition = model.Condition is null ? null : Given(batch, rows);
        if (model.Samples > 1)
        {
            values = values.repeat_interleave(model.Samples, 0);
            condition = condition?.repeat_interleave(model.Samples, 0);
        }

        var noise = randn(values.shape[0], model.Latent, device: Network.Device);
        var made = condition is null ? Network.Forward(values, noise) : Network.Forward(values, noise, condition);
        var (mean, logVariance) = (made[LatentModel.Mean], made.GetValueOrDefault(Vae.LogVariance));
        var prior = made.GetValueOrDefault(Vae.PriorOutput);
        var reconstruction = model.Likelihood.NegativeLog(made[Analysis.Network.DefaultOutput], made[LatentModel.Observed].flatten(1));
        var divergence = model.Prior.Divergence(mean, logVariance, prior);
        if (model.Samples == 1)
        {
            var term = model.Kl.Of(new(divergence, mean, logVariance, noise), share);
            return new([reconstruction.Add(term), reconstruction.Add(divergence), reconstruction, divergence], mean);
        }

        // log(1/K · Σ p(x, z) / q(z | x)): gradients weigh the codes by how well they explain the row.
        var code = logVariance is null ? mean.Add(noise) : mean.Add(logVariance.Mul(0.5).exp() * noise);
        var posterior = noise.Pow(2).Add(Math.Log(2 * Math.PI)).sum([1]);
        posterior = (logVariance is null ? posterior : posterior.Add(logVariance.sum([1]))).Mul(-0.5);
        var weights = (model.Prior.LogDensity(code, prior) - reconstruction - posterior).reshape(rows, model.Samples);
        var bound = weights.logsumexp(1).negative().Add(Math.Log(model.Samples));
        Tensor ByRow(Tensor values) => values.reshape(rows, model.Samples, -1).mean([1]).squeeze(-1);
        return new([bound, weights.mean([1]).neg(), ByRow(reconstruction), ByRow(divergence)], mean);
    }

    private Tensor Given(Batch batch, int rows)
    {
        var labels = batch.Target ?? throw new ArgumentException(
            "The model is told the class of each row, but the batches have no target; give examples with classes, or leave condition out.");
        return OneHot(labels.reshape(rows).to(Network.Device));
    }

    private int Classes => label.ClassNames.Count;

    private Tensor OneHot(Tensor classes) => nn.functional.one_hot(classes, Classes).to(ScalarType.Float32);
}

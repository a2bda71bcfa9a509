using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>One step of a <see cref="Vae"/>: −log p(x | z) + KL(q(z | x) ‖ p(z)), sums over values and codes, the mean over rows.</summary>
internal sealed partial class ElboStep : TrainingStep
{
    private static readonly string[] Names =
        [ElboTraining.Loss, ElboTraining.NegativeElbo, ElboTraining.Reconstruction, ElboTraining.Divergence];

    // A mean that varies less over the rows says nothing of them (Burda et al. 2015, section 5).
    private const double Active = 0.01;

    private readonly TorchNetwork network;
    private readonly OptimizerRun optimizer;
    private readonly TrainingOptions options;
    private readonly Vae model;
    private readonly double peak;
    private double[] sums = new double[Names.Length + 1];

    public ElboStep(StepStart start, Vae model)
    {
        (network, options, this.model) = (start.Network, start.Options, model);
        peak = model.PeakOf(network.Plan.Network.Inputs[0].Shape);
        RequireScale();
        network.Precision = options.Precision;
        optimizer = options.Optimizer.Start(
            [.. network.Tensors.Where(t => t.Trainable).Select(t => t.Tensor)],
            [.. network.Plan.Parameters.Where(p => p.Parameter.Trainable).Select(p => p.Parameter.Decays)]);
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { [Vae.NetworkName] = network };

    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    public override IReadOnlyList<Figure> Figures =>
        [.. Names.Select(n => new Figure(n, Goal.Minimize)), new(ElboTraining.ActiveUnits, Goal.Maximize)];

    public override IReadOnlyDictionary<string, double> RunningMetrics => Means(sums);

    public override double[] RunningSums
    {
        get => [.. sums];
        set => sums = [.. value];
    }

    public override bool DependsOnLength => model.Kl.DependsOnLength;

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var batch = batches.Next()!;
        optimizer.ZeroGradients();
        var bound = BoundOf(batch, (double)at.Step / Math.Max(1, at.Steps));
        var loss = bound.Loss.mean();
        loss.backward();
        GradientsReady(at);
        if (options.ClipNorm is { } norm)
        {
            optimizer.ClipGradients(norm);
        }

        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        Add(sums, bound);
        return new(loss.item<float>(), batch.Count);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var all = new double[Names.Length + 1];
        var codes = new Spread(model.Latent);
        using var none = no_grad();
        using var rows = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return new Dictionary<string, double>(Means(all)) { [ElboTraining.ActiveUnits] = codes.Above(Active) };
            }

            var bound = BoundOf(rows.Current, 1);
            Add(all, bound);
            codes.Add(bound.Mean);
        }
    }

    // The graphs undo the scaling that the model says; weights of a model to continue from may have another.
    private void RequireScale()
    {
        var layer = (Normalize)((Sequential)network.Plan.Network.Root).Children[0];
        var weights = network.ReadWeights();
        bool IsSame(string weight, IEnumerable<float> wanted) => weights[$"{layer.Name}.{weight}"].Data.Zip(wanted)
            .All(v => Math.Abs(v.First - v.Second) <= 1e-6 * Math.Max(1, Math.Abs(v.Second)));
        if (!IsSame("mean", layer.Mean) || !IsSame("scale", layer.StandardDeviation.Select(s => 1 / s)))
        {
            throw new ArgumentException("The model to continue from scales its features by other numbers than this one (peak, or their means and standard "
                + "deviations); continue with the network unset, or with the same peak.");
        }
    }

    private Bound BoundOf(Batch batch, double share)
    {
        if (batch.Weights is not null)
        {
            throw new ArgumentException("A variational autoencoder counts all rows alike, but the examples have weights; leave their column out.");
        }

        var values = batch.Inputs[0];
        if (model.Likelihood.IsOfShares)
        {
            values = model.Likelihood.Observe(values.div(peak)).mul(peak);
        }

        int rows = (int)values.shape[0];
        if (model.Samples > 1)
        {
            values = values.repeat_interleave(model.Samples, 0);
        }

        var noise = randn(values.shape[0], model.Latent, device: network.Device);
        var made = network.Forward(values, noise);
        var (mean, logVariance) = (made[Vae.Mean], made.GetValueOrDefault(Vae.LogVariance));
        var reconstruction = model.Likelihood.NegativeLog(made[Network.DefaultOutput], made[Vae.Observed].flatten(1));
        var divergence = model.Prior.Divergence(mean, logVariance);
        if (model.Samples == 1)
        {
            return new(reconstruction + model.Kl.Of(divergence, share), reconstruction + divergence, reconstruction, divergence, mean);
        }

        // log(1/K · Σ p(x, z) / q(z | x)): gradients weigh the codes by how well they explain the row.
        var code = logVariance is null ? mean + noise : mean + (logVariance.mul(0.5).exp() * noise);
        var posterior = noise.pow(2).add(Math.Log(2 * Math.PI)).sum([1]);
        posterior = (logVariance is null ? posterior : posterior + logVariance.sum([1])).mul(-0.5);
        var weights = (model.Prior.LogDensity(code) - reconstruction - posterior).reshape(rows, model.Samples);
        var bound = Math.Log(model.Samples) - weights.logsumexp(1);
        Tensor ByRow(Tensor values) => values.reshape(rows, model.Samples, -1).mean([1]).squeeze(-1);
        return new(bound, weights.mean([1]).neg(), ByRow(reconstruction), ByRow(divergence), mean);
    }

    private static void Add(double[] to, Bound bound)
    {
        Tensor[] parts = [bound.Loss, bound.NegativeElbo, bound.Reconstruction, bound.Divergence];
        foreach (var (index, part) in parts.Index())
        {
            to[index] += part.detach().sum(ScalarType.Float64).item<double>();
        }

        to[^1] += bound.Loss.numel();
    }

    private static Dictionary<string, double> Means(double[] sums) =>
        Names.Select((name, i) => (name, Value: sums[i] / Math.Max(1, sums[^1]))).ToDictionary(p => p.name, p => p.Value);

    /// <summary>The bound of a batch: each is [N], the mean [N·K, D].</summary>
    private sealed record Bound(Tensor Loss, Tensor NegativeElbo, Tensor Reconstruction, Tensor Divergence, Tensor Mean);

    /// <summary>How far means vary over the rows.</summary>
    private sealed class Spread(int size)
    {
        private readonly double[] sum = new double[size], squares = new double[size];
        private long count;

        public void Add(Tensor means)
        {
            var values = means.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                sum[i % size] += values[i];
                squares[i % size] += (double)values[i] * values[i];
            }

            count += values.Length / size;
        }

        public int Above(double variance) => Enumerable.Range(0, size)
            .Count(i => count > 0 && (squares[i] / count) - Math.Pow(sum[i] / count, 2) > variance);
    }
}

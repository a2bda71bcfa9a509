using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>The terms of a batch, each [N], the loss first, and the codes, [N, D].</summary>
internal sealed record LatentParts(IReadOnlyList<Tensor> Terms, Tensor Codes);

/// <summary>One step of a <see cref="LatentModel"/>: a mean over rows falls.</summary>
internal abstract class LatentStep : TrainingStep
{
    /// <summary>How many values of the code say anything.</summary>
    public const string ActiveUnits = "activeUnits";

    // A mean that varies less over the rows says nothing of them (Burda et al. 2015, section 5).
    private const double Active = 0.01;

    private readonly OptimizerRun optimizer;
    private readonly TrainingOptions options;
    private readonly LatentModel model;
    private readonly double peak;
    private double[]? sums;

    protected LatentStep(StepStart start, LatentModel model)
    {
        (Network, options, this.model) = (start.Network, start.Options, model);
        peak = model.PeakOf(Network.Plan.Network.Inputs[0].Shape);
        RequireScale();
        Network.Precision = options.Precision;
        optimizer = options.Optimizer.Start(Network);
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { [model.NetworkName] = Network };

    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    public override IReadOnlyList<Figure> Figures => [.. Names.Select(n => new Figure(n, Goal.Minimize)), new(ActiveUnits, Goal.Maximize)];

    public override IReadOnlyDictionary<string, double> RunningMetrics => Means(Sums);

    public override double[] RunningSums
    {
        get => [.. Sums];
        set => sums = [.. value];
    }

    /// <summary>The names of the terms, the loss first.</summary>
    protected abstract IReadOnlyList<string> Names { get; }

    protected TorchNetwork Network { get; }

    /// <summary>The value of white.</summary>
    protected double Peak => peak;

    private double[] Sums => sums ??= new double[Names.Count + 1];

    /// <summary>The terms of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="share">The share of the training that has passed; 1 where it is judged.</param>
    protected abstract LatentParts PartsOf(Batch batch, double share);

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var batch = batches.Next()!;
        optimizer.ZeroGradients();
        var parts = PartsOf(batch, (double)at.Step / Math.Max(1, at.Steps));
        var loss = parts.Terms[0].mean();
        loss.backward();
        GradientsReady(at);
        if (options.ClipNorm is { } norm)
        {
            optimizer.ClipGradients(norm);
        }

        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        Add(Sums, parts);
        return new(loss.item<float>(), batch.Count);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var all = new double[Names.Count + 1];
        var codes = new Spread(model.Latent);
        using var none = no_grad();
        using var rows = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return new Dictionary<string, double>(Means(all)) { [ActiveUnits] = codes.Above(Active) };
            }

            var parts = PartsOf(rows.Current, 1);
            Add(all, parts);
            codes.Add(parts.Codes);
        }
    }

    /// <summary>The values of a batch as they are seen, in the units of the features.</summary>
    /// <exception cref="ArgumentException">The examples have weights, or values that the likelihood does not take.</exception>
    protected Tensor Observed(Batch batch)
    {
        if (batch.Weights is not null)
        {
            throw new ArgumentException("An autoencoder counts all rows alike, but the examples have weights; leave their column out.");
        }

        var values = batch.Inputs[0];
        return model.Likelihood.IsOfShares ? model.Likelihood.Observe(values.Div(peak)).Mul(peak) : values;
    }

    // The graphs undo the scaling that the model says; weights of a model to continue from may have another.
    private void RequireScale()
    {
        var layer = LatentModel.Parts(Network.Plan.Network).Scale;
        var weights = Network.ReadWeights();
        bool IsSame(string weight, IEnumerable<float> wanted) => weights[$"{layer.Name}.{weight}"].Data.Zip(wanted)
            .All(v => Math.Abs(v.First - v.Second) <= 1e-6 * Math.Max(1, Math.Abs(v.Second)));
        if (!IsSame("mean", layer.Mean) || !IsSame("scale", layer.StandardDeviation.Select(s => 1 / s)))
        {
            throw new ArgumentException("The model to continue from scales its features by other numbers than this one (peak, or their means and standard "
                + "deviations); continue with the network unset, or with the same peak.");
        }
    }

    private static void Add(double[] to, LatentParts parts)
    {
        foreach (var (index, part) in parts.Terms.Index())
        {
            to[index] += part.detach().sum(ScalarType.Float64).item<double>();
        }

        to[^1] += parts.Terms[0].numel();
    }

    private Dictionary<string, double> Means(double[] sums) =>
        Names.Select((name, i) => (name, Value: sums[i] / Math.Max(1, sums[^1]))).ToDictionary(p => p.name, p => p.Value);

    /// <summary>How far codes vary over the rows.</summary>
    private sealed class Spread(int size)
    {
        private readonly double[] sum = new double[size], squares = new double[size];
        private long count;

        public void Add(Tensor codes)
        {
            var values = codes.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
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

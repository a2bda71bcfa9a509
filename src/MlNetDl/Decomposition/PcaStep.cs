using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Decomposition;

/// <summary>Sums moments while batches come, and with the last one solves for the components and fills the network.</summary>
internal sealed class PcaStep : TrainingStep
{
    private const string Loss = "loss", Explained = "explainedVariance";
    private readonly TorchNetwork network;
    private readonly Pca model;
    private readonly int passes;
    private readonly Dictionary<string, Tensor> weights;
    private readonly Moments moments;
    private readonly Tensor variances;
    private double[] sums = new double[3];

    /// <summary>Owns the network from then on.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="model">What is found.</param>
    /// <param name="passes">Passes over the data; each finds the same.</param>
    public PcaStep(TorchNetwork network, Pca model, int passes)
    {
        (this.network, this.model, this.passes) = (network, model, passes);
        weights = network.Tensors.ToDictionary(t => t.Name, t => t.Tensor);
        int features = (int)Weight(Pca.EncoderName, Pca.AxesName, "weight").shape[1];
        moments = new(features, network.Device);
        variances = zeros(features, ScalarType.Float64, CPU).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { [Pca.NetworkName] = network };

    /// <inheritdoc/>
    public override IReadOnlyList<OptimizerRun> Optimizers => [];

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State => [.. moments.State, ("variances", variances)];

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures => [new(Loss, Goal.Minimize), new(Explained, Goal.Maximize)];

    /// <summary>None before the pass is over: until then there are no components.</summary>
    public override IReadOnlyDictionary<string, double> RunningMetrics =>
        sums[2] == 0 ? new Dictionary<string, double>() : Named(sums[0], sums[1]);

    /// <inheritdoc/>
    public override double[] RunningSums
    {
        get => [.. sums];
        set => sums = [.. value];
    }

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        var batch = batches.Next() ?? throw new InvalidOperationException("A pass of pca needs a batch, but the epoch is over.");
        using var none = no_grad();
        long steps = at.Steps / passes;
        if (at.Step % steps == 0)
        {
            moments.Clear();
        }

        moments.Add(batch.Inputs[0].flatten(1).to(ScalarType.Float64), batch.Weights);
        if ((at.Step + 1) % steps == 0)
        {
            Solve();
        }

        return new(0, batch.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        using var none = no_grad();
        double error = 0, all = 0, count = 0;
        // In double precision, by the weights that are scored.
        var (mean, scale) = (Double(Pca.EncoderName, Pca.CenterName, "mean"), Double(Pca.EncoderName, Pca.CenterName, "scale"));
        var (to, back) = (Double(Pca.EncoderName, Pca.AxesName, "weight"), Double(Pca.DecoderName, Pca.BackName, "weight"));
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            var rows = (batch.Inputs[0].flatten(1).to(ScalarType.Float64) - mean) * scale;
            var made = rows.matmul(to.transpose(0, 1)).matmul(back.transpose(0, 1));
            var weight = batch.Weights?.to(ScalarType.Float64).unsqueeze(1) ?? ones([rows.shape[0], 1], ScalarType.Float64, rows.device);
            error += ((rows - made).Pow(2) * weight).sum().item<double>();
            all += (rows.Pow(2) * weight).sum().item<double>();
            count += weight.sum().item<double>() * rows.shape[1];
        }

        return Named(error / count, 1 - (error / all));
    }

    /// <inheritdoc/>
    public override TrainedModel Finished(TrainedModel model) => model with
    {
        Assets = new Dictionary<string, byte[]>(model.Assets)
        {
            [PcaReport.Asset] = new PcaReport
            {
                Components = this.model.Components,
                Rows = moments.Rows,
                Variances = [.. variances.data<double>().ToArray()],
                IsWhitened = this.model.Whiten,
                IsStandardized = this.model.Standardize,
            }.ToJson(),
        },
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        moments.Dispose();
        variances.Dispose();
        base.Dispose(disposing);
    }

    private void Solve()
    {
        Refuse();
        var covariance = moments.Covariance();
        var deviation = ones_like(moments.Mean);
        if (model.Standardize)
        {
            deviation = covariance.diagonal().sqrt();
            deviation = where(deviation.Gt(0), deviation, ones_like(deviation));
            covariance = covariance / outer(deviation, deviation);
        }

        var found = PrincipalAxes.Of(covariance, model.Components);
        if (found.Variances[0].item<double>() == 0)
        {
            throw new InvalidOperationException($"pca finds no variance: all {moments.Rows} training rows are equal.");
        }

        variances.copy_(found.Variances);
        Fill(Pca.EncoderName, Pca.CenterName, "mean", moments.Mean);
        Fill(Pca.EncoderName, Pca.CenterName, "scale", deviation.reciprocal().Mul(1));
        Fill(Pca.EncoderName, Pca.AxesName, "weight", model.Whiten ? found.Axes * found.Whitening() : found.Axes);
        Fill(Pca.DecoderName, Pca.BackName, "weight", (model.Whiten ? found.Axes * found.Coloring() : found.Axes).transpose(0, 1));
        Fill(Pca.DecoderName, Pca.UncenterName, "mean", moments.Mean);
        Fill(Pca.DecoderName, Pca.UncenterName, "scale", deviation);
        long dropped = variances.numel() - model.Components;
        double all = variances.sum().item<double>(), lost = dropped == 0 ? 0 : variances.narrow(0, model.Components, dropped).sum().item<double>();
        sums = [lost * (moments.Rows - 1) / moments.Rows / variances.numel(), 1 - (lost / all), 1];
    }

    private void Refuse()
    {
        long rows = moments.Rows;
        if (rows < 2)
        {
            throw new InvalidOperationException("pca needs two training rows or more to have a variance, but there is one.");
        }

        if (model.Components > rows)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"pca is to find {model.Components} components, but there are only "
                + $"{rows} training rows, which have no more directions; set components to {rows} or fewer, or give more rows."));
        }
    }

    private static Dictionary<string, double> Named(double loss, double explained) => new() { [Loss] = loss, [Explained] = explained };

    private Tensor Weight(string part, string layer, string name) => weights[$"{part}/{layer}.{name}"];

    private Tensor Double(string part, string layer, string name) => Weight(part, layer, name).to(ScalarType.Float64);

    private void Fill(string part, string layer, string name, Tensor values) => Weight(part, layer, name).copy_(values);
}

using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A step: sharpness-aware minimisation (Foret et al. 2020, arXiv:2010.01412): the gradient is taken where the loss nearby is
/// greatest, at w + ρ·g/‖g‖.</summary>
public sealed record SharpnessAware : StepSpec
{
    /// <summary>How far that is, ρ, 0 or more; 0.05 as in the paper. With 0 it is supervised training.</summary>
    [AtLeast(0)]
    public double Rho { get; init; } = 0.05;

    public override TrainingStep Start(StepStart start) => start.Hooks.Count == 0 && start.Options.ClassWeights.IsNone
        ? new SharpnessAwareStep(start, Rho)
        : throw new ArgumentException("Sharpness-aware training takes no hooks and no class weights.");
}

internal sealed class SharpnessAwareStep : TrainingStep
{
    private readonly TorchNetwork network;
    private readonly TorchNetwork scoring;
    private readonly TargetScale scale;
    private readonly OptimizerRun optimizer;
    private readonly TrainingOptions options;
    private readonly LearningTask task;
    private readonly Loss loss;
    private readonly double rho;
    private readonly IReadOnlyList<Metric> metrics;
    private readonly SupervisedFigures running;

    public SharpnessAwareStep(StepStart start, double rho)
    {
        (network, options, this.rho) = (start.Network, start.Options, rho);
        scale = start.Scale;
        task = start.Task ?? throw new ArgumentException("Sharpness-aware training needs labels.");
        loss = options.Loss ?? task.DefaultLoss;
        var trainable = network.Plan.Parameters.Where(p => p.Parameter.Trainable).Select(p => p.Parameter.Decays);
        optimizer = options.Optimizer.Start([.. Weights()], [.. trainable]);
        scoring = new(new Network(task.ScoringLayer(scale), network.Plan.Outputs[0].Shape), network.Device);
        scoring.SetTraining(false);
        metrics = [.. task.TrainingMetrics.Concat(options.Metrics).DistinctBy(m => m.FigureName)];
        running = new([.. metrics.Where(m => !m.NeedsAllRows)], task.Scores, scoring, scale);
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { ["network"] = network };

    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    public override IReadOnlyList<Figure> Figures => [new(SupervisedFigures.Loss, Goal.Minimize), .. metrics.Select(m => m.Figure)];

    public override IReadOnlyDictionary<string, double> RunningMetrics => running.Values;

    public override double[] RunningSums
    {
        get => running.Sums;
        set => running.Sums = value;
    }

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        var batch = batches.Next()!;
        var (outputs, first) = Backward(batch);
        var moves = rho > 0 ? Climb() : [];
        if (moves.Count > 0)
        {
            Backward(batch);
            Move(moves, -1);
        }

        GradientsReady(at);
        if (options.ClipNorm is { } norm)
        {
            optimizer.ClipGradients(norm);
        }

        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        running.Add(first, Weight(batch), outputs, batch.Target!);
        return new(first, batch.Count);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        var figures = new SupervisedFigures(metrics, task.Scores, scoring, scale);
        using var none = no_grad();
        foreach (var batch in batches)
        {
            var outputs = network.Forward(batch.Inputs)[Network.DefaultOutput];
            figures.Add(loss.Mean(outputs, batch.Target!, batch.Weights).item<float>(), Weight(batch), outputs, batch.Target!);
        }

        return figures.Values;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        scoring.Dispose();
    }

    private (Tensor Outputs, double Loss) Backward(Batch batch)
    {
        optimizer.ZeroGradients();
        var outputs = network.Forward(batch.Inputs)[Network.DefaultOutput];
        var value = loss.Mean(outputs, batch.Target!, batch.Weights);
        value.backward();
        return (outputs.detach(), value.item<float>());
    }

    // ε = ρ·g/‖g‖ over all weights together (eq. 2 with p = 2).
    private List<(Tensor Weight, Tensor Move)> Climb()
    {
        using var none = no_grad();
        var gradients = Weights().Where(w => w.grad is not null).Select(w => (Weight: w, Gradient: w.grad!)).ToList();
        double norm = Math.Sqrt(gradients.Sum(g => (double)g.Gradient.pow(2).sum().item<float>()));
        var moves = norm > 0 ? gradients.Select(g => (g.Weight, g.Gradient * (rho / norm))).ToList() : [];
        Move(moves, 1);
        return moves;
    }

    private static void Move(List<(Tensor Weight, Tensor Move)> moves, double sign)
    {
        using var none = no_grad();
        foreach (var (weight, move) in moves)
        {
            weight.add_(move, alpha: sign);
        }
    }

    private IEnumerable<Tensor> Weights() => network.Tensors.Where(t => t.Trainable).Select(t => t.Tensor);

    private double Weight(Batch batch) => loss.Weight(batch.Target!, batch.Weights)?.item<float>() ?? batch.Count;
}

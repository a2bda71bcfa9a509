using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Metrics;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Supervised training: forward, loss against the target (auxiliary heads by their weight), hooks, backward,
/// clip, step.</summary>
/// <remarks>Figures of training have the loss that hooks made; those of <see cref="Evaluate"/> have the loss against
/// the targets alone.</remarks>
public sealed class SupervisedStep : TrainingStep
{
    private readonly TorchNetwork network;
    private readonly OptimizerRun optimizer;
    private readonly Loss loss;
    private readonly TrainingOptions options;
    private readonly IReadOnlyList<StepHook> hooks;
    private readonly Metric running;
    private readonly PredictionTask task;
    private readonly Tensor? classWeights;
    private readonly IReadOnlyList<(string Name, double Weight)> heads;

    /// <summary>Starts training <paramref name="network"/>, which the step then owns, as it does the hooks.</summary>
    /// <param name="network">The network; its last value is compared with the target.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="hooks">What takes part, in order.</param>
    public SupervisedStep(TorchNetwork network, PredictionTask task, TrainingOptions options, params IReadOnlyList<StepHook> hooks)
    {
        (this.network, this.task, this.options, this.hooks) = (network, task, options, hooks);
        network.Precision = options.Precision;
        loss = options.Loss ?? task switch
        {
            PredictionTask.Multiclass => new CrossEntropy(),
            PredictionTask.Binary => new BinaryCrossEntropy(),
            _ => new MeanSquaredError(),
        };
        optimizer = options.Optimizer.Start([.. network.Tensors.Where(t => t.Trainable).Select(t => t.Tensor)], [.. network.Plan.Parameters.Where(p => p.Parameter.Trainable).Select(p => p.Parameter.Decays)]);
        running = Metric.Of(task);
        heads = [.. network.Plan.Outputs.Where(o => o.Role == TapRole.Auxiliary).Select(o => (o.Name, o.LossWeight))];
        if (options.ClassWeights.Count > 0)
        {
            CheckClassWeights();
            classWeights = tensor(options.ClassWeights.Select(w => (float)w).ToArray(), device: network.Device).DetachFromDisposeScope();
        }

        foreach (var hook in hooks)
        {
            hook.Start(network, options);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { ["network"] = network };

    /// <inheritdoc/>
    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures => Metric.Figures(task);

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State => hooks.SelectMany((hook, i) => hook.State.Select(t => ($"hook{i}/{t.Name}", t.Tensor)));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> RunningMetrics => running.Values;

    /// <inheritdoc/>
    public override double[] RunningSums
    {
        get => running.Sums;
        set => running.Sums = value;
    }

    /// <inheritdoc/>
    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        var batch = batches.Next() ?? throw new InvalidOperationException("A training step needs a batch, but the epoch is over.");
        var targets = batch.Target ?? throw new InvalidOperationException("Supervised training needs targets, but the batch has none.");
        optimizer.ZeroGradients();
        var outputs = network.Forward(batch.Inputs);
        var weights = Weights(batch, targets);
        var main = outputs[Network.DefaultOutput];
        var total = loss.Mean(main, targets, weights);
        foreach (var (head, weight) in heads)
        {
            total += loss.Mean(outputs[head], targets, weights) * weight;
        }

        total = hooks.Aggregate(total, (loss, hook) => hook.Loss(batch, outputs, loss, at));
        total.backward();
        foreach (var hook in hooks)
        {
            hook.GradientsReady(at);
        }

        GradientsReady(at);
        if (options.ClipNorm is { } norm)
        {
            optimizer.ClipGradients(norm);
        }

        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        foreach (var hook in hooks)
        {
            hook.Moved(at);
        }

        double value = total.item<float>();
        using (no_grad())
        {
            running.Add(value, loss.Weight(targets, weights)?.item<float>(), main, targets);
        }

        return new(value, batch.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        var metric = Metric.OfWhole(task);
        using var none = no_grad();
        using var rows = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return metric.Values;
            }

            var batch = rows.Current;
            var targets = batch.Target ?? throw new InvalidOperationException("Validation needs targets, but the batch has none.");
            var outputs = network.Forward(batch.Inputs)[Network.DefaultOutput];
            var weights = Weights(batch, targets);
            metric.Add(loss.Mean(outputs, targets, weights).item<float>(), loss.Weight(targets, weights)?.item<float>(), outputs, targets);
        }
    }

    /// <inheritdoc/>
    public override bool MayBeBest(StepPosition at) => hooks.All(hook => hook.MayBeBest(at));

    /// <inheritdoc/>
    public override bool DependsOnLength => hooks.Any(hook => hook.DependsOnLength);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        classWeights?.Dispose();
        foreach (var hook in hooks)
        {
            hook.Dispose();
        }
    }

    private void CheckClassWeights()
    {
        long? classes = task switch
        {
            PredictionTask.Binary => 2,
            PredictionTask.Multiclass => network.Plan.Outputs.First(o => o.Name == Network.DefaultOutput).Shape[1].Size,
            _ => throw new ArgumentException("training.classWeights are given, but regression has no classes; weigh examples instead."),
        };
        if (options.ClassWeights.Count != classes)
        {
            throw new ArgumentException($"training.classWeights has {options.ClassWeights.Count} weights, but there are {classes} classes; give one for each.");
        }
    }

    private Tensor? Weights(Batch batch, Tensor targets)
    {
        if (classWeights is null)
        {
            return batch.Weights;
        }

        var classes = task == PredictionTask.Binary ? targets.reshape(-1).to(ScalarType.Int64) : targets;
        var weights = classWeights.index_select(0, classes);
        return batch.Weights is null ? weights : weights * batch.Weights;
    }
}

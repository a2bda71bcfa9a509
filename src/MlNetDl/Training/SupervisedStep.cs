using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Supervised training: forward, loss against the target (auxiliary heads by their weight), hooks, backward,
/// clip, step.</summary>
/// <remarks>The loss among training figures includes what hooks added. The loss of <see cref="Evaluate"/> compares with
/// the targets only.</remarks>
public sealed class SupervisedStep : TrainingStep
{
    private readonly TorchNetwork network;
    private readonly OptimizerRun optimizer;
    private readonly Loss loss;
    private readonly TrainingOptions options;
    private readonly IReadOnlyList<StepHook> hooks;
    private readonly LearningTask task;
    private readonly TorchNetwork scoring;
    private readonly TargetScale scale;
    private readonly IReadOnlyList<Metric> metrics;
    private readonly SupervisedFigures running;
    private readonly Tensor? classWeights;
    private readonly IReadOnlyList<(string Name, double Weight)> heads;

    /// <summary>Starts the training of a network. The step owns the network and the hooks from then on.</summary>
    /// <param name="start">One network, whose last value is compared with the target, the task, the options and the
    /// hooks.</param>
    /// <exception cref="ArgumentException">There is no task, there are several networks, or the options do not
    /// suit the task.</exception>
    public SupervisedStep(StepStart start)
    {
        (network, options, hooks) = (start.Network, start.Options, start.Hooks);
        task = start.Task ?? throw new ArgumentException("Supervised training needs a task, which says what labels are; give one, or a "
            + "step that needs no labels.");
        loss = options.Loss ?? task.DefaultLoss;
        if (options.Loss is { } asked && !asked.Takes(task.Scores))
        {
            throw new ArgumentException(
                $"training.loss is {asked.GetType().Name}, which does not suit {task.GetType().Name}: its scores are {task.Scores}, "
                    + $"which would mean nothing. Leave it out, or choose one that does ({task.DefaultLoss.GetType().Name}).");
        }

        metrics = Chosen();
        classWeights = ExampleWeights.OfClasses(options.ClassWeights, task, start.Label, start.ClassCounts, network.Device)?.DetachFromDisposeScope();

        network.Precision = options.Precision;
        optimizer = options.Optimizer.Start(network);
        heads = [.. network.Plan.Outputs.Where(o => o.Role == TapRole.Auxiliary).Select(o => (o.Name, o.LossWeight))];
        scale = start.Scale;
        scoring = new(new Network(task.ScoringLayer(scale), network.Plan.Outputs[0].Shape), network.Device);
        scoring.SetTraining(false);
        running = new([.. metrics.Where(m => !m.NeedsAllRows)], task.Scores, scoring, scale) { YesAbove = task.YesAbove };
        try
        {
            foreach (var hook in hooks)
            {
                hook.Start(network, options);
            }
        }
        catch
        {
            optimizer.Dispose();
            FreeOwn();
            throw;
        }
    }

    /// <summary>Starts the training of a network without a recipe around it.</summary>
    /// <param name="network">The network; its last value is compared with the target.</param>
    /// <param name="task">The task.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="hooks">The hooks, in order.</param>
    public SupervisedStep(TorchNetwork network, LearningTask task, TrainingOptions options, params IReadOnlyList<StepHook> hooks)
        : this(new StepStart
        {
            Networks = new Dictionary<string, TorchNetwork> { ["network"] = network },
            Options = options,
            Task = task,
            Label = LabelOf(network, task),
            Hooks = hooks,
        })
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { ["network"] = network };

    /// <inheritdoc/>
    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures => [new(SupervisedFigures.Loss, Goal.Minimize), .. metrics.Select(m => m.Figure)];

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        hooks.SelectMany((hook, i) => hook.State.Select(t => ($"hook{i}/{t.Name}", t.Tensor)));

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
        var targets = Target(batch);
        var weights = Weights(batch, targets);
        optimizer.ZeroGradients();
        var (main, total) = Backward(batch, targets, weights, at);
        optimizer.Reevaluate(() => BackwardAgain(batch, targets, weights, at));
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
            running.Add(value, loss.Weight(targets, weights)?.item<float>() ?? batch.Count, main, targets);
        }

        return new(value, batch.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        var figures = new SupervisedFigures(metrics, task.Scores, scoring, scale) { YesAbove = task.YesAbove };
        using var none = no_grad();
        using var rows = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return figures.Values;
            }

            var batch = rows.Current;
            var targets = Target(batch);
            var outputs = network.Forward(batch.Inputs)[Network.DefaultOutput];
            var weights = Weights(batch, targets);
            figures.Add(
                loss.Mean(outputs, targets, weights).item<float>(),
                loss.Weight(targets, weights)?.item<float>() ?? batch.Count,
                outputs,
                targets);
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
        FreeOwn();
        foreach (var hook in hooks)
        {
            hook.Dispose();
        }
    }

    // The loss that is minimised, at the weights as they are, and its gradients.
    private (Tensor Main, Tensor Total) Backward(Batch batch, Tensor targets, Tensor? weights, StepPosition at)
    {
        var outputs = network.Forward(batch.Inputs);
        var main = outputs[Network.DefaultOutput];
        var total = loss.Mean(main, targets, weights);
        foreach (var (head, weight) in heads)
        {
            total = total.Add(loss.Mean(outputs[head], targets, weights).Mul(weight));
        }

        total = hooks.Aggregate(total, (loss, hook) => hook.Loss(batch, outputs, loss, at));
        total.backward();
        return (main, total);
    }

    // Running statistics are those of the first evaluation: the weights in between are none that a model has.
    private double BackwardAgain(Batch batch, Tensor targets, Tensor? weights, StepPosition at)
    {
        var statistics = network.Tensors.Where(t => !t.Trainable).Select(t => t.Tensor).ToList();
        using var none = no_grad();
        var before = statistics.Select(s => s.clone()).ToList();
        double value;
        using (enable_grad())
        {
            value = Backward(batch, targets, weights, at).Total.item<float>();
        }

        foreach (var (tensor, kept) in statistics.Zip(before))
        {
            tensor.copy_(kept);
        }

        return value;
    }

    private void FreeOwn()
    {
        scoring.Dispose();
        classWeights?.Dispose();
    }

    // The task's metrics and those of the options, each once.
    private IReadOnlyList<Metric> Chosen()
    {
        IReadOnlyList<Metric> asked = options.Monitor.Metric is { } monitored ? [.. options.Metrics, monitored] : options.Metrics;
        if (asked.FirstOrDefault(m => !m.Takes(task.Scores)) is { } unsuited)
        {
            var where = options.Metrics.Contains(unsuited) ? "training.metrics has" : "training.monitor is";
            throw new ArgumentException(
                $"{where} {unsuited.FigureName}, which does not suit the task's scores ({task.Scores}); choose one that does.");
        }

        // Two figures of one name are refused: the second would silently replace the first.
        List<Metric> chosen = [.. task.TrainingMetrics.Concat(asked).Distinct()];
        var name = chosen.Select(m => m.FigureName)
            .Prepend(SupervisedFigures.Loss)
            .GroupBy(n => n)
            .FirstOrDefault(g => g.Skip(1).Any())?.Key;
        if (name is not null)
        {
            throw new ArgumentException($"Two figures of this training are named '{name}' "
                + $"({string.Join(", ", chosen.Where(m => m.FigureName == name).Select(m => m.GetType().Name))}); let "
                + "Metric.FigureName differ by what differs between them.");
        }

        return chosen;
    }

    // The last dimension counts the classes. Without names, their indices are used.
    private static LabelInfo LabelOf(TorchNetwork network, LearningTask task)
    {
        var outputs = network.Plan.Outputs[0].Shape;
        return task.Label.IsClassIndex
            ? new() { ClassNames = Enumerable.Range(0, outputs.Size(outputs.Rank - 1)).Select(ClassValueText.Of).ToValueList() }
            : new() { Width = outputs.Dims.Skip(1).All(d => d.Size is not null) ? checked((int)outputs.ElementsPerExample()) : 1 };
    }

    private static Tensor Target(Batch batch) => batch.Target ?? throw new InvalidOperationException(
        $"Supervised training needs a target named '{Batch.DefaultTarget}', but the batch has "
            + $"{(batch.Targets.Count == 0 ? "none" : $"only {string.Join(", ", batch.Targets.Keys)}")}; give one, or "
            + "a step that compares with those.");

    private Tensor? Weights(Batch batch, Tensor targets) => ExampleWeights.Of(batch, targets, task, classWeights);
}

using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

/// <summary>A kind of training as a host writes it: one weight that grows by 1 a step, state beside it, figures as they
/// are told, and an evaluation that may draw at random.</summary>
internal sealed class ScriptedStep : TrainingStep
{
    private readonly TorchNetwork network = new(new(new Linear(1) { Bias = false, Name = "only" }, Shape.Vector(1)));
    private readonly OptimizerRun optimizer;
    private readonly Tensor drawn = zeros(3).DetachFromDisposeScope();
    private int evaluations;

    public ScriptedStep()
    {
        using var none = no_grad();
        Weight.fill_(0);
        optimizer = new Sgd { Momentum = 0 }.Start([Weight]);
    }

    public Figure Figure { get; init; } = new("figure", Goal.Maximize);

    /// <summary>The figure of each epoch; epochs are counted from 1. By default a random number.</summary>
    public Func<int, double>? Script { get; init; }

    public Func<StepPosition, bool> MayBe { get; init; } = _ => true;

    public int BatchesOfStep { get; init; } = 1;

    public List<StepPosition> Positions { get; } = [];

    public double Value => Weight.item<float>();

    public float[] Drawn => drawn.data<float>().ToArray();

    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { ["network"] = network };

    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    public override IEnumerable<(string Name, Tensor Tensor)> State => [("drawn", drawn)];

    public override IReadOnlyList<Figure> Figures => [Figure];

    public override IReadOnlyDictionary<string, double> RunningMetrics => new Dictionary<string, double>();

    public override double[] RunningSums { get; set; } = [];

    private Tensor Weight => network.Tensors.Single().Tensor;

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        Positions.Add(at);
        int examples = 0;
        for (int i = 0; i < BatchesOfStep && batches.Next() is { } batch; i++)
        {
            examples += batch.Count;
        }

        optimizer.ZeroGradients();
        (-Weight.sum()).backward();
        GradientsReady(at);
        optimizer.Step(1);
        using (no_grad())
        {
            drawn.mul_(0.5).add_(rand(3));
        }

        return new(0, examples);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        double sum = 0;
        using var scope = NewDisposeScope();
        foreach (var batch in batches)
        {
            sum += (batch.Inputs[0] + randn(1)).sum().item<float>();
        }

        return new Dictionary<string, double> { [Figure.Name] = Script?.Invoke(++evaluations) ?? sum };
    }

    public override bool MayBeBest(StepPosition at) => MayBe(at);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        drawn.Dispose();
    }

    /// <summary>Trains it on ten examples in batches of 2: five steps an epoch.</summary>
    public TrainingReport Fit(
        TrainingOptions options,
        string? checkpoint = null,
        CancellationToken stop = default,
        params Callback[] callbacks)
    {
        options = options with
        {
            Monitor = options.Monitor.Name == "loss" ? Figure.Name : options.Monitor,
            Threads = 1,
            Seed = 3,
        };
        var examples = new Examples(Shape.Vector(1), Enumerable.Range(0, 10).Select(i => (float)i).ToArray());
        using var train = new TensorBatches(examples, 2, 1);
        using var validation = new TensorBatches(examples, 5);
        return new Trainer(options, callbacks) { CheckpointPath = checkpoint }.Fit(this, train, validation, stop);
    }
}

using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Gates and early exits, from outside: parts of a network that are used less for some inputs.</summary>
public sealed class GateTests
{
    // Squeeze and excitation (Hu et al. 2017, arXiv:1709.01507); the gate is an output of training for a penalty on it.
    private static readonly Network Gated = new(
        new Sequential(
            new Conv2d(4, 3, 1, 1),
            new Branches(
                new Product(),
                new Identity(),
                new Sequential(
                    new GlobalAvgPool(),
                    new Flatten(),
                    new Linear(4),
                    new Sigmoid(),
                    new Tap("gate") { Role = TapRole.Training })),
            new ReLU(),
            new GlobalAvgPool(),
            new Flatten(),
            new Linear(2)),
        Shape.Image(1, 6, 6));

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 6,
        BatchSize = 16,
        Optimizer = new Adam { LearningRate = 0.05 },
        Threads = 1,
        Seed = 1,
        Device = "cpu",
    };

    [Fact]
    public void A_penalty_on_a_gate_that_only_training_sees_closes_it()
    {
        var (closed, open) = (Fit(penalty: 4), Fit(penalty: 0));
        Assert.True(closed.Gate < 0.5 * open.Gate, $"{closed.Gate} with the penalty, {open.Gate} without");
        using var model = new OnnxModel(OnnxWriter.Write(Gated, closed.Weights));
        var images = Images().Features as float[] ?? [];
        var made = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([64, 1, 6, 6], images) });
        Assert.Equal(["output"], made.Keys);
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(Gated);
        network.LoadWeights(closed.Weights);
        network.SetTraining(false);
        var expected = network.Forward(tensor(images).reshape(64, 1, 6, 6));
        Assert.Equal(["output"], expected.Keys);
        Assert.All(expected["output"].data<float>().ToArray().Zip(made["output"].Floats), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Theory]
    [InlineData(0.0f, 0)]
    [InlineData(0.6f, null)]
    [InlineData(1.1f, 10)]
    public void Rows_that_are_sure_leave_early_one_by_one(float threshold, int? hard)
    {
        var network = new Network(
            new Sequential(
                new Tap("features"),
                new Tap("exit", new Linear(2) { Name = "exit" }),
                new SeamHardRows("exit", threshold), new Linear(8), new ReLU(), new Linear(2), new SeamMergeRows("exit"),
                new Tap("rows", new Read("hard")) { Role = TapRole.Output }),
            Shape.Vector(3));
        using var session = TorchSession.Enter(2, 1);
        using var scope = NewDisposeScope();
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var features = randn(10, 3);
        var expected = torch.Forward(features);
        using var model = new OnnxModel(OnnxWriter.Write(network, torch.ReadWeights()));
        var got = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([10, 3], features.data<float>().ToArray()) });
        Assert.All(expected["output"].data<float>().ToArray().Zip(got["output"].Floats), p => Assert.Equal(p.First, p.Second, 1e-5));
        int left = (int)expected["rows"].numel();
        Assert.Equal(left, got["rows"].Integers.Length);
        Assert.True(hard is { } known ? left == known : left is > 0 and < 10, $"{left} rows went on");
    }

    private static (Weights Weights, double Gate) Fit(double penalty)
    {
        using var session = TorchSession.Enter(1, 1);
        using var network = new TorchNetwork(Gated);
        var hook = new GatePenalty(penalty);
        using var step = new SupervisedStep(network, new MulticlassClassification(), Options, hook);
        using var batches = new TensorBatches(Images(), Options.BatchSize!.Value, shuffleSeed: 1);
        new Trainer(Options).Fit(step, batches);
        return (network.ReadWeights(), hook.Last);
    }

    private static Examples Images()
    {
        var random = new Random(1);
        var targets = Enumerable.Range(0, 64).Select(i => (long)(i % 2)).ToArray();
        var pixels = targets.SelectMany(t => Enumerable.Range(0, 36).Select(_ => (float)((t - 0.5) + random.NextDouble() - 0.5))).ToArray();
        return new(Shape.Image(1, 6, 6), pixels, targets);
    }

    private sealed class GatePenalty(double weight) : StepHook
    {
        public double Last { get; private set; }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            var mean = outputs["gate"].mean();
            Last = mean.item<float>();
            return loss + (mean * weight);
        }
    }
}

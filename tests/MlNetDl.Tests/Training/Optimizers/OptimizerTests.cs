using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlNetDl.Tests.Training.Optimizers;

[Collection("torch")]
public sealed class OptimizerTests
{
    private const double Rate = 0.05;

    /// <summary>Each optimiser beside TorchSharp's own with the same settings.</summary>
    public static TheoryData<Optimizer, Func<Parameter[], optim.Optimizer>> Peers => new()
    {
        { new Sgd { LearningRate = Rate, Momentum = 0 }, p => optim.SGD(p, Rate) },
        { new Sgd { LearningRate = Rate }, p => optim.SGD(p, Rate, momentum: 0.9) },
        {
            new Sgd
            {
                LearningRate = Rate,
                WeightDecay = 0.1,
                DecayVectors = true,
            },
            p => optim.SGD(p, Rate, momentum: 0.9, weight_decay: 0.1)
        },
        {
            new Sgd
            {
                LearningRate = Rate,
                WeightDecay = 0.1,
                DecayVectors = true,
                Nesterov = true,
            },
            p => optim.SGD(p, Rate, momentum: 0.9, weight_decay: 0.1, nesterov: true)
        },
        { new Adam { LearningRate = Rate }, p => optim.Adam(p, Rate) },
        {
            new Adam
            {
                LearningRate = Rate,
                Beta1 = 0.8,
                Beta2 = 0.98,
                Epsilon = 1e-4,
                WeightDecay = 0.1,
                DecayVectors = true,
            },
            p => optim.Adam(p, Rate, 0.8, 0.98, 1e-4, 0.1)
        },
        {
            new AdamW
            {
                LearningRate = Rate,
                WeightDecay = 0.1,
                DecayVectors = true,
            },
            p => optim.AdamW(p, Rate, weight_decay: 0.1)
        },
        { new RmsProp { LearningRate = Rate }, p => optim.RMSProp(p, Rate) },
        {
            new RmsProp
            {
                LearningRate = Rate,
                Alpha = 0.9,
                Epsilon = 1e-4,
                Momentum = 0.8,
                WeightDecay = 0.1,
                DecayVectors = true,
            },
            p => optim.RMSProp(p, Rate, 0.9, 1e-4, weight_decay: 0.1, momentum: 0.8)
        },
        { new Adagrad { LearningRate = Rate }, p => optim.Adagrad(p, Rate) },
        {
            new Adagrad
            {
                LearningRate = Rate,
                InitialAccumulator = 0.1,
                Epsilon = 1e-4,
                WeightDecay = 0.1,
                DecayVectors = true,
            },
            p => optim.Adagrad(p, Rate, weight_decay: 0.1, initial_accumulator_value: 0.1, eps: 1e-4)
        },
    };

    [Theory]
    [MemberData(nameof(Peers))]
    public void Ten_steps_equal_those_of_TorchSharps_optimiser(Optimizer optimizer, Func<Parameter[], optim.Optimizer> peer)
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = Weights(), theirs = Weights();
        using var run = optimizer.Start(ours);
        using var reference = peer(theirs);
        for (int step = 0; step < 10; step++)
        {
            run.ZeroGradients();
            reference.zero_grad();
            Loss(ours).backward();
            Loss(theirs).backward();
            run.Step(optimizer.LearningRate);
            reference.step();
        }

        Assert.Equal(10, run.Steps);
        AssertClose(theirs, ours);
    }

    // A gradient that is not contiguous takes the way that other devices take.
    [Theory]
    [MemberData(nameof(Peers))]
    public void Torchs_operators_and_the_one_pass_update_agree(Optimizer optimizer, Func<Parameter[], optim.Optimizer> unused)
    {
        Assert.NotNull(unused);
        using var scope = NewDisposeScope();
        Parameter[] fast = [Weights()[0]], slow = [Weights()[0]];
        using var fastRun = optimizer.Start(fast);
        using var slowRun = optimizer.Start(slow);
        for (int step = 0; step < 5; step++)
        {
            var gradient = randn(37, 3, generator: new Generator((ulong)step));
            fast[0].grad = gradient;
            slow[0].grad = gradient.t().contiguous().t();
            Assert.False(slow[0].grad!.is_contiguous());
            fastRun.Step(optimizer.LearningRate);
            slowRun.Step(optimizer.LearningRate);
        }

        AssertClose(slow, fast);
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public void Weights_without_gradient_stay(Optimizer optimizer, Func<Parameter[], optim.Optimizer> unused)
    {
        Assert.NotNull(unused);
        using var scope = NewDisposeScope();
        var weights = Weights();
        using var run = optimizer.Start(weights);
        weights[0].sum().backward();
        run.Step(Rate);
        Assert.Equal(Weights()[1].data<float>().ToArray(), weights[1].data<float>().ToArray());
        Assert.NotEqual(Weights()[0].data<float>().ToArray(), weights[0].data<float>().ToArray());
    }

    [Fact]
    public void Biases_and_norms_do_not_decay_unless_asked_to()
    {
        using var scope = NewDisposeScope();
        foreach (bool vectors in new[] { false, true })
        {
            var weights = Weights();
            using var run = new AdamW { WeightDecay = 0.5, DecayVectors = vectors }.Start(weights);
            foreach (var weight in weights)
            {
                weight.grad = zeros_like(weight);
            }

            run.Step(0.1);
            Assert.Equal(0.95f * Weights()[0].data<float>()[5], weights[0].data<float>()[5], 6);
            Assert.Equal((vectors ? 0.95f : 1) * Weights()[1].data<float>()[5], weights[1].data<float>()[5], 6);
        }
    }

    /// <summary>Those of LeNet-5's sub-sampling have three dimensions.</summary>
    [Fact]
    public void What_decays_is_said_by_the_layer()
    {
        var plan = new LeNet5Original().ToNetwork(Shape.Image(1, 28, 28), 10).Plan();
        Assert.Equal(
            ["c1.weight", "c3.weight", "c5.weight", "f6.weight"],
            plan.Parameters.Where(p => p.Parameter is { Trainable: true, Decays: true }).Select(p => p.Name).Order());

        // A gradient of 0 leaves the decay alone.
        var network = new TorchNetwork(new Network(
            new Sequential(new TrainableSubsampling { Name = "s" }, new Flatten(), new Linear(2) { Name = "l" }),
            Shape.Image(1, 2, 2)));
        using var step = new SupervisedStep(
            network,
            PredictionTask.Multiclass.Of(),
            new() { Optimizer = new AdamW { LearningRate = 0.1, WeightDecay = 0.5 } });
        var before = network.ReadWeights();
        foreach (var (_, tensor, _) in network.Tensors)
        {
            tensor.grad = zeros_like(tensor);
        }

        step.Optimizers[0].Step(0.1);
        var after = network.ReadWeights();
        Assert.All(before, w => Assert.Equal((w.Name == "l.weight" ? 0.95f : 1) * w.Data[0], after[w.Name].Data[0], 6));
    }

    [Fact]
    public void Adams_first_step_is_the_learning_rate_whatever_the_gradient()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new float[] { 1, 1, 1 }));
        using var run = new Adam().Start([weight]);
        weight.grad = tensor(new float[] { 1e-3f, -50, 7 });
        run.Step(0.01);
        Assert.All(new[] { 0.99f, 1.01f, 0.99f }.Zip(weight.data<float>()), p => Assert.Equal(p.First, p.Second, 5));
    }

    [Theory]
    [InlineData(1, 0.99999994, 10)]
    [InlineData(20, 10, 10)]
    public void Clipping_scales_all_gradients_by_one_factor(double maxNorm, double expected, double before)
    {
        using var scope = NewDisposeScope();
        Parameter[] weights = [new(zeros(1)), new(zeros(1))];
        (weights[0].grad, weights[1].grad) = (tensor(new[] { 6f }), tensor(new[] { 8f }));
        using var run = new Sgd().Start(weights);
        Assert.Equal(before, run.ClipGradients(maxNorm), 5);
        float a = weights[0].grad!.item<float>(), b = weights[1].grad!.item<float>();
        Assert.Equal(expected, Math.Sqrt(((double)a * a) + ((double)b * b)), 6);
        Assert.Equal(0.75, a / b, 6);
    }

    public static TheoryData<Optimizer, string> Bad => new()
    {
        { new Sgd { LearningRate = 0 }, "training.optimizer.learningRate" },
        { new Adam { LearningRate = double.NaN }, "training.optimizer.learningRate" },
        { new Sgd { WeightDecay = -1 }, "training.optimizer.weightDecay" },
        { new Sgd { Momentum = 1 }, "training.optimizer.momentum" },
        { new Adam { Beta1 = 1 }, "training.optimizer.beta1" },
        { new AdamW { Beta2 = -0.1 }, "training.optimizer.beta2" },
        { new Adam { Epsilon = 0 }, "training.optimizer.epsilon" },
        { new RmsProp { Alpha = 1 }, "training.optimizer.alpha" },
        { new RmsProp { Epsilon = 0 }, "training.optimizer.epsilon" },
        { new RmsProp { Momentum = -0.1 }, "training.optimizer.momentum" },
        { new Adagrad { InitialAccumulator = -1 }, "training.optimizer.initialAccumulator" },
        { new Lion { Beta2 = 1 }, "training.optimizer.beta2" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Settings_out_of_range_are_named(Optimizer optimizer, string member) => Assert.StartsWith(
        $"{member} must be",
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(optimizer, "training.optimizer")).Message);

    // Lengths that no vector register divides, so that the remainder is met too.
    private static Parameter[] Weights() => [new(randn(37, 3, generator: new Generator(1))), new(randn(19, generator: new Generator(2)))];

    private static Tensor Loss(Parameter[] weights) =>
        ((weights[0] - 1).pow(2) * 0.3).sum() + weights[0].sin().sum() + (weights[1] * 2).cos().sum();

    private static void AssertClose(Parameter[] expected, Parameter[] actual)
    {
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.All(a.data<float>().ToArray().Zip(b.data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 2e-5f));
        }
    }
}

using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression.Pruning;

[Collection("torch")]
public sealed class WeightScoreTests : IDisposable
{
    private readonly IDisposable tensors = NewDisposeScope();

    public void Dispose() => tensors.Dispose();

    // Sanh et al. 2020, eq. 4: a weight that moves away from zero has w and its gradient of opposite signs.
    [Fact]
    public void Movement_keeps_small_weights_that_grow_and_drops_large_ones_that_shrink()
    {
        var weight = tensor(new float[] { 0.1f, 5 });
        var gradient = tensor(new float[] { -1, 1 });
        using var random = new Generator(1);
        var score = new Movement().Of(weight, new Movement().Gather(weight, gradient), random);
        Assert.Equal([0.1f, -5], score.data<float>().ToArray());
    }

    // One step of surgery on y = w·x with all weights masked but one: the loss is of the masked network, but the gradient
    // moves masked weights too (Guo et al. 2016, eq. 3).
    [Fact]
    public void In_surgery_unseen_weights_go_on_training()
    {
        var network = new Network(new Sequential(new Linear(1) { Bias = false, Name = "out" }), Shape.Vector(3));
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(new([new("out.weight", [1, 3], [1, 0.1f, 0.2f])]));
        var weights = MaskableWeights.Of(network.Plan(), []);
        using var hook = new MaskedTraining(
            new(new Magnitude(), PruningScope.Global, null), weights, new NetworkSurgery { Every = 1, Until = 1, Hysteresis = 0 }, 0.6, 1, []);
        hook.Start(torch, new());
        hook.Moved(new(0, 0, 3, 1));
        var x = tensor(new float[,] { { 1, 1, 1 } });
        var y = torch.Forward(x)[Network.DefaultOutput];
        // At a third of the way 0.6 · 19/27 of 3 weights: the smallest one is masked.
        Assert.Equal(1.2f, y.item<float>(), 6);
        y.backward();
        var stored = torch.Tensors.Single().Tensor;
        Assert.Equal([1f, 1, 1], stored.grad!.data<float>().ToArray());
        hook.GradientsReady(new(0, 1, 3, 1));
        Assert.Equal([1f, 1, 1], stored.grad!.data<float>().ToArray());
        // It grows beyond the others and comes back; the two that are the least now go.
        using (no_grad())
        {
            stored.copy_(tensor(new float[,] { { 1, 3, 0.2f } }));
        }

        hook.Moved(new(0, 1, 3, 1));
        Assert.Equal(3, torch.Forward(x)[Network.DefaultOutput].item<float>(), 6);
        hook.Moved(new(0, 2, 3, 1));
        Assert.Equal([0f, 3, 0], stored.data<float>().ToArray());
    }

    [Fact]
    public void The_proximal_step_of_the_absolute_value_is_soft_thresholding()
    {
        // No gradient here: only the proximal step moves, by η·λ a step.
        var network = new Network(new Sequential(new Linear(2) { Bias = false, Name = "out" }), Shape.Vector(2));
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(new([new("out.weight", [2, 2], [1, -1, 0.05f, -0.2f])]));
        var options = new TrainingOptions { Optimizer = new Sgd { LearningRate = 0.5 } };
        using var hook = new ProximalL1 { Strength = 0.2 }.Start(null!);
        hook.Start(torch, options);
        hook.Moved(new(0, 0, 10, 1));
        Assert.Equal([0.9f, -0.9f, 0, -0.1f], torch.ReadWeights()["out.weight"].Data);
        hook.Moved(new(0, 1, 10, 0.5));
        Assert.Equal([0.85f, -0.85f, 0, -0.05f], torch.ReadWeights()["out.weight"].Data.Select(v => MathF.Round(v, 5)));
    }

    [Fact]
    public void Scales_need_a_batch_normalisation()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [4] },
            Training = new() { Epochs = 1, Stages = [new Fit(), new ProximalL1 { On = L1Target.Scales }] },
        };
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(Samples.Blobs()));
        Assert.Contains("no batch normalisation", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_proximal_step_a_training_leaves_exact_zeros()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [16] },
            Training = new() { Epochs = 3, Seed = 1, Threads = 1, BatchSize = 64, Stages = [new Fit(), new ProximalL1 { Strength = 3 }] },
        };
        var digits = Datasets.Find("optdigits")!.Load(false).Take(640);
        int zeros = recipe.Run(digits).Package.ReadWeights()["hidden1.weight"].Data.Count(v => v == 0);
        Assert.True(zeros > 300, $"{zeros}");
    }
}

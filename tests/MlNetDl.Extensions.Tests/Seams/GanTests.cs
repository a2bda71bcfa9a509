using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Two networks that train against each other, from outside: no labels, two optimisers, several batches a
/// step, second derivatives.</summary>
public sealed class GanTests
{
    internal static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 16,
        Optimizer = new Adam { LearningRate = 0.005, Beta1 = 0.5 },
        Threads = 1,
        Device = "cpu",
    };

    // 5 batches an epoch and 2 a step: an epoch's last step gets one.
    internal static readonly Examples Ring = new(Shape.Vector(2),
        Enumerable.Range(0, 80).SelectMany(i => new[] { (float)Math.Cos(i * 0.7), (float)Math.Sin(i * 0.7) }).ToArray());

    internal static ModelPackage Model { get => field ??= Fit(); set; }

    [Fact]
    public void A_training_that_was_cancelled_and_resumed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(folder["checkpoint"], source.Token, new AfterStep(2, source.Cancel)));
        AssertSame(Model, Fit(folder["checkpoint"]));
    }

    [Fact]
    public void A_callback_that_draws_samples_and_flips_modes_changes_nothing()
    {
        var grids = new SampleGrid();
        AssertSame(Model, Fit(callbacks: grids));
        Assert.Equal(3 * 3, grids.Count);
    }

    [Fact]
    public void A_step_of_one_network_moves_no_weight_of_the_other()
    {
        var moves = new Moves();
        Fit(callbacks: moves);
        Assert.Equal(["critic", "critic", "generator", "critic", "critic", "generator", "critic", "generator"], moves.Moved.Take(8));
        Assert.All(moves.Moved, name => Assert.True(name is "critic" or "generator", name));
    }

    [Fact]
    public void The_penalty_s_gradient_is_that_of_central_differences()
    {
        using var session = TorchSession.Enter(seed: 3, threads: 1);
        using var scope = NewDisposeScope();
        var spec = new SeamGan();
        var networks = spec.Networks(new() { Input = Shape.Vector(2) }).ToDictionary(n => n.Key, n => new TorchNetwork(n.Value));
        using var step = new SeamGanStep(new() { Networks = networks, Options = Options }, new());
        networks["critic"].SetTraining(false); // no dropout
        var weight = networks["critic"].Tensors.First().Tensor;
        var (real, made) = (randn(8, 2), randn(8, 2));
        Penalty().backward();
        double gradient = weight.grad![0, 0].item<float>();
        const double Small = 1e-2;
        double numeric = (At(Small) - At(-Small)) / (2 * Small);
        Assert.True(Math.Abs(gradient - numeric) < 1e-2 * Math.Max(1, Math.Abs(numeric)), $"{gradient} and {numeric}");

        Tensor Penalty()
        {
            manual_seed(5);
            return step.GradientPenalty(real, made);
        }

        double At(double change)
        {
            Shift(change);
            double value = Penalty().item<float>();
            Shift(-change);
            return value;
        }

        void Shift(double by)
        {
            using var none = no_grad();
            weight[0, 0].add_(by);
        }
    }

    [Fact]
    public void The_model_has_no_label_and_makes_of_noise_what_torch_makes()
    {
        Assert.Null(Model.Manifest.Task);
        Assert.Equal(["generator"], Model.Graphs.Keys);
        using var session = TorchSession.Enter(seed: 4, threads: 1);
        using var scope = NewDisposeScope();
        using var torch = new TorchNetwork(new SeamGan().Networks(new() { Input = Shape.Vector(2) })["generator"]);
        torch.LoadWeights(Model.ReadWeights("generator"));
        torch.SetTraining(false);
        var noise = Noise(6, seed: 1);
        var expected = torch.Forward(tensor(noise).reshape(-1, 3))["output"].data<float>().ToArray();
        var samples = Samples(noise);
        Assert.All(expected.Zip(samples), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(samples, Samples(Noise(6, seed: 1)));
        Assert.NotEqual(samples, Samples(Noise(6, seed: 2)));
    }

    [Fact]
    public void A_model_of_two_networks_trains_on_from_both()
    {
        var further = TrainOn(new Adam());
        var still = TrainOn(new Sgd { LearningRate = 1e-30 });
        Assert.Equal(Model.ReadWeights().Select(w => w.Name), further.ReadWeights().Select(w => w.Name));
        foreach (var weight in Model.ReadWeights().Where(w => w.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            Assert.Equal(weight.Data, still.ReadWeights()[weight.Name].Data);
            Assert.NotEqual(weight.Data, further.ReadWeights()[weight.Name].Data);
        }
    }

    [Theory]
    [InlineData("", "0.weight")]
    [InlineData("critic", "critic/0.weight")]
    public void Graphs_of_both_networks_are_saved_whatever_their_weights_are_named(string name, string weight)
    {
        var both = Train(new SeamGan { SavedCritic = name });
        Assert.Equal(["generator", "critic"], both.Graphs.Keys);
        Assert.Empty(both.TrainingWeights);
        Assert.Equal([12L, 2], both.ReadWeights("critic")[weight].Dims);

        static ModelPackage Train(SeamGan model) => new Recipe
        {
            Model = model,
            Training = Options with { Epochs = 1 },
            Standardize = false,
        }
            .Run(Ring).Package;
    }

    private static ModelPackage TrainOn(Optimizer optimizer) => new Recipe
    {
        Training = Options with { Epochs = 1, Optimizer = optimizer },
        Standardize = false,
        ContinueFrom = Model,
    }.Run(Ring).Package;

    private static ModelPackage Fit(string? checkpoint = null, CancellationToken stop = default, params Callback[] callbacks) => new Recipe
    {
        Model = new SeamGan(),
        Training = Options,
        Standardize = false,
        Callbacks = callbacks,
        CheckpointPath = checkpoint,
        Stop = stop,
    }.Run(Ring).Package;

    internal static float[] Samples(float[] noise)
    {
        using var model = new OnnxModel(Model.Graphs["generator"], new() { Threads = 1 });
        return model.Run(new Dictionary<string, OnnxTensor> { ["noise"] = new([noise.Length / 3, 3], noise) })["output"].Floats;
    }

    internal static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * 3).Select(_ => (float)(random.NextDouble() - 0.5) * 3)];
    }

    private static void AssertSame(ModelPackage expected, ModelPackage actual)
    {
        Assert.Equal(expected.Graphs["generator"], actual.Graphs["generator"]);
        Assert.All(expected.TrainingWeights, w => Assert.Equal(w.Data, actual.TrainingWeights[w.Name].Data));
    }
}

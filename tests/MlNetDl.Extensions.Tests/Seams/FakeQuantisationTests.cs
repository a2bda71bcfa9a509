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

/// <summary>Training with rounded weights, from outside: a forward hook, and a pass that writes
/// what was trained.</summary>
/// <remarks>Gradients go straight through the rounding (Bengio et al. 2013, arXiv:1308.3432).</remarks>
public sealed class FakeQuantisationTests
{
    private static readonly Network Network = new(new Sequential(new Linear(12), new ReLU(), new Linear(3)), Shape.Vector(4));

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 8,
        BatchSize = 15,
        Optimizer = new Adam { LearningRate = 0.02 },
        Threads = 1,
        Seed = 1,
        Device = "cpu",
    };

    [Fact]
    public void Gradients_pass_straight_through_the_rounding()
    {
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(new Network(new Linear(1) { Bias = false }, Shape.Vector(4)));
        network.Hook = new FakeQuantisation(3);
        var x = randn(5, 4);
        network.Forward(x)["output"].sum().backward();
        var gradient = network.Tensors.Single().Tensor.grad!;
        Assert.True((gradient - x.sum(0, keepdim: true)).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void What_was_trained_with_rounded_weights_is_what_a_pass_writes()
    {
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(Network);
        using var step = new SupervisedStep(network, new MulticlassClassification(), Options, new FakeQuantisation(3));
        using var batches = new TensorBatches(Examples(), Options.BatchSize!.Value, shuffleSeed: 1);
        var report = new Trainer(Options).Fit(step, batches);
        var (first, last) = (report.Epochs[0].Training["loss"], report.Epochs[^1].Training["loss"]);
        Assert.True(last < 0.5 * first, $"{first} to {last}");
        network.SetTraining(false);
        var features = (float[])Examples().Features;
        var rounded = network.Forward(tensor(features).reshape(-1, 4))["output"].data<float>().ToArray();
        Assert.All(rounded.Zip(Scores(network.ReadWeights(), features, new RoundedWeights(3))), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Contains(rounded.Zip(Scores(network.ReadWeights(), features)), p => Math.Abs(p.First - p.Second) > 1e-2);
    }

    private static float[] Scores(Weights weights, float[] features, params IOnnxPass[] passes)
    {
        using var model = new OnnxModel(OnnxWriter.Write(Network, weights, null, passes));
        return model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([features.Length / 4, 4], features) })["output"].Floats;
    }

    private static Examples Examples()
    {
        var random = new Random(1);
        var targets = Enumerable.Range(0, 90).Select(i => (long)(i % 3)).ToArray();
        var features = targets
            .SelectMany(t => Enumerable.Range(0, 4)
                .Select(k => (float)((k == t ? 1.5 : 0) + random.NextDouble() - 0.5)))
            .ToArray();
        return new(Shape.Vector(4), features, targets);
    }

    /// <summary>Rounds matrices to 2·<paramref name="levels"/> + 1 values between their least and greatest.</summary>
    private sealed class FakeQuantisation(int levels) : StepHook, IForwardHook
    {
        public override void Start(TorchNetwork network, TrainingOptions options) => network.Hook = this;

        public Tensor Input(PlanStep step, int index, Tensor value) => value;

        public Tensor Weight(PlanStep step, string parameter, Tensor stored)
        {
            if (parameter != "weight")
            {
                return stored;
            }

            using var none = no_grad();
            var scale = stored.abs().max() / levels;
            var change = ((stored / scale).round() * scale) - stored;
            return Through(stored, change);
        }

        // The change has no gradient, so the stored weight gets that of the rounded one.
        private static Tensor Through(Tensor stored, Tensor change)
        {
            using var with = enable_grad();
            return stored + change;
        }
    }

    /// <summary>The same rounding of a graph's matrices.</summary>
    private sealed class RoundedWeights(int levels) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names) =>
            graph.With(graph.Nodes, graph.Constants.Select(c => c.Name.EndsWith(".weight", StringComparison.Ordinal) ? Rounded(c) : c));

        private OnnxConstant Rounded(OnnxConstant constant)
        {
            var values = (float[])constant.Data;
            float scale = values.Max(Math.Abs) / levels;
            return constant with { Data = Array.ConvertAll(values, v => MathF.Round(v / scale) * scale) };
        }
    }
}

using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A model of several graphs: a variational autoencoder (Kingma and Welling 2013, arXiv:1312.6114),
/// trained without labels.</summary>
public sealed record Vae : ModelSpec
{
    public const string Encode = "encode", Decode = "decode", Reconstruct = "reconstruct", LatentColumn = "Latent", PixelColumn = "Pixels";
    private const string Name = "vae", NoiseInput = "noise", LatentInput = "latent";

    /// <summary>Values of a code, 1 or more.</summary>
    [AtLeast(1)]
    public int Latent { get; init; } = 8;

    /// <summary>Its backbone is that of the encoder, below two heads.</summary>
    public NetworkSpec Encoder { get; init; } = new Mlp { Hidden = [64] };

    /// <summary>The decoder.</summary>
    public NetworkSpec Decoder { get; init; } = new Mlp { Hidden = [64] };

    /// <summary>The greatest value of a feature, whose least is 0: features divided by it are what is
    /// reconstructed.</summary>
    [Above(0)]
    public double Peak { get; init; } = 1;

    /// <summary>The share of the training in which the weight of the divergence rises to 1 (Bowman et
    /// al. 2015, arXiv:1511.06349).</summary>
    public double WarmUp { get; init; } = 0.2;

    public override StepSpec Step => new Elbo { Peak = Peak, WarmUp = WarmUp };

    public override IReadOnlyList<string> Columns => [LatentColumn];

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        int features = checked((int)context.Input.ElementsPerExample());
        var encoder = new Sequential(
        [
            .. context.Preprocessing,
            Encoder.Backbone(context.Input) with { Name = "body" },
            new Tap("logVariance", new Linear(Latent) { Name = "logVariance" }) { Role = TapRole.Output },
            new Linear(Latent) { Name = "mean" },
        ])
        { Name = "encoder" };
        var decoder = Decoder.Build(Shape.Vector(Latent), features) with { Name = "decoder" };
        var root = new Sequential(
            encoder, new Tap("mean") { Role = TapRole.Output }, new Reparameterize("logVariance", NoiseInput), decoder);
        return new Dictionary<string, Network>
        {
            [Name] = new(root, [new(Network.DefaultInput, context.Input), new(NoiseInput, Shape.Vector(Latent))]),
        };
    }

    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        var whole = networks[Name];
        var parts = ((Sequential)whole.Root).Children;
        return
        [
            new(Encode, new(new Sequential(parts[0]), context.Input))
            {
                Role = Encode,
                OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = LatentColumn },
            },
            new(Decode, new(new Sequential(parts[^1], new Sigmoid()), [new(LatentInput, Shape.Vector(Latent))]))
            {
                Role = Decode,
                InputColumns = new Dictionary<string, string> { [LatentInput] = LatentColumn },
                OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = PixelColumn },
            },
            new(Reconstruct, whole with { Root = new Sequential([.. parts, new Sigmoid()]) })
            {
                Role = Reconstruct,
                InputRoles = new Dictionary<string, string> { [NoiseInput] = GraphRole.Noise },
                OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = PixelColumn },
            },
        ];
    }
}

/// <summary>Its layer: z = mean + exp(log variance / 2) · noise, so that gradients pass a random draw.</summary>
/// <param name="LogVariance">The wire of the log variance.</param>
/// <param name="Noise">The wire of the noise.</param>
public sealed record Reparameterize(string LogVariance, string Noise) : Leaf
{
    public override ValueList<string> Wires => [LogVariance, Noise];

    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        if (!inputs.All(s => s == inputs[0]))
        {
            throw new ShapeException(
                $"Reparameterize needs mean, log variance and noise of one shape but got {string.Join(", ", inputs)}.");
        }

        return inputs[0];
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => inputs[0] + ((inputs[1] * 0.5).exp() * inputs[2]);

    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var half = graph.Add("Mul", [inputs[1], graph.Constant("half", new[] { 0.5f }, scalar: true)]);
        return graph.Add("Add", [inputs[0], graph.Add("Mul", [graph.Add("Exp", [half]), inputs[2]])]);
    }
}

/// <summary>Its step: the evidence lower bound, −log p(x | z) + β·KL(q(z | x) ‖ N(0, 1)).</summary>
public sealed record Elbo : StepSpec
{
    public double Peak { get; init; } = 1;

    public double WarmUp { get; init; } = 0.2;

    public override TrainingStep Start(StepStart start)
    {
        if (start.Hooks.Count != 0)
        {
            throw new ArgumentException("The evidence lower bound takes no hooks.");
        }

        return new ElboStep(start, this);
    }
}

internal sealed class ElboStep : TrainingStep
{
    private static readonly string[] Names = ["loss", "reconstruction", "divergence"];
    private readonly string name;
    private readonly TorchNetwork network;
    private readonly OptimizerRun optimizer;
    private readonly TrainingOptions options;
    private readonly Elbo elbo;
    private double[] sums = new double[4];

    public ElboStep(StepStart start, Elbo elbo)
    {
        (name, network) = start.Networks.Single();
        (options, this.elbo) = (start.Options, elbo);
        optimizer = options.Optimizer.Start([.. network.Tensors.Where(t => t.Trainable).Select(t => t.Tensor)]);
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { [name] = network };

    public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

    public override IReadOnlyList<Figure> Figures => [.. Names.Select(n => new Figure(n, Goal.Minimize))];

    public override IReadOnlyDictionary<string, double> RunningMetrics => Means(sums);

    public override double[] RunningSums
    {
        get => [.. sums];
        set => sums = [.. value];
    }

    public override bool DependsOnLength => elbo.WarmUp > 0;

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        var batch = batches.Next()!;
        optimizer.ZeroGradients();
        var (reconstruction, divergence) = Terms(batch);
        double beta = elbo.WarmUp > 0 ? Math.Min(1, (at.Step + 1) / (elbo.WarmUp * at.Steps)) : 1;
        var loss = reconstruction.mean() + (divergence.mean() * beta);
        loss.backward();
        GradientsReady(at);
        if (options.ClipNorm is { } norm)
        {
            optimizer.ClipGradients(norm);
        }

        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        double value = loss.item<float>();
        Add(sums, value * batch.Count, reconstruction, divergence);
        return new(value, batch.Count);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        var all = new double[4];
        using var none = no_grad();
        foreach (var batch in batches)
        {
            var (reconstruction, divergence) = Terms(batch);
            Add(all, reconstruction.sum().item<float>() + divergence.sum().item<float>(), reconstruction, divergence);
        }

        return Means(all);
    }

    private (Tensor Reconstruction, Tensor Divergence) Terms(Batch batch)
    {
        if (batch.Target is not null)
        {
            throw new ArgumentException("The evidence lower bound is of inputs alone, but the batch has labels; train without a task.");
        }

        var x = batch.Inputs[0];
        var noise = randn(batch.Count, network.Plan.Network.Inputs[1].Shape.Size(1), device: network.Device);
        var y = network.Forward(x, noise);
        var (mean, logVariance) = (y["mean"], y["logVariance"]);
        var truth = x.flatten(1) / elbo.Peak;
        var reconstruction = nn.functional
            .binary_cross_entropy_with_logits(y[Network.DefaultOutput], truth, reduction: nn.Reduction.None)
            .sum([1]);
        return (reconstruction, 0.5 * (mean.pow(2) + logVariance.exp() - 1 - logVariance).sum([1]));
    }

    private static void Add(double[] to, double loss, Tensor reconstruction, Tensor divergence)
    {
        to[0] += loss;
        to[1] += reconstruction.sum().item<float>();
        to[2] += divergence.sum().item<float>();
        to[3] += reconstruction.numel();
    }

    private static Dictionary<string, double> Means(double[] sums) =>
        Names.Select((n, i) => (n, sums[i] / Math.Max(1, sums[3]))).ToDictionary(p => p.n, p => p.Item2);
}

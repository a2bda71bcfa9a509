using MlNetDl.Analysis;
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

/// <summary>A model of two networks, whose weights have the same names: each graph says whose it takes.</summary>
public sealed record Autoencoder : ModelSpec
{
    public const string Encoder = "encoder", Decoder = "decoder", Code = "Code", Made = "Made";

    /// <summary>Values of a code.</summary>
    public int Latent { get; init; } = 4;

    /// <summary>Either network's architecture.</summary>
    public NetworkSpec Part { get; init; } = new Mlp { Hidden = [24] };

    public override StepSpec Step => new Reconstruction();

    public override IReadOnlyList<string> Columns => [Code];

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        int features = checked((int)context.Input.ElementsPerExample());
        var scaled = new Tap("scaled") { Role = TapRole.Output };
        return new Dictionary<string, Network>
        {
            [Encoder] = new(
                new Sequential(
                    [.. context.Preprocessing, scaled, Part.Build(context.Input, Latent) with { Name = "" }]),
                context.Input),
            [Decoder] = new(Part.Build(Shape.Vector(Latent), features), Shape.Vector(Latent)),
        };
    }

    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks) =>
    [
        new(Encoder, networks[Encoder])
        {
            Role = Encoder,
            WeightsOf = Encoder,
            OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = Code },
        },
        new(Decoder, networks[Decoder])
        {
            Role = Decoder,
            WeightsOf = Decoder,
            InputColumns = new Dictionary<string, string> { [Network.DefaultInput] = Code },
            OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = Made },
        },
    ];
}

/// <summary>Its step: squared error of the standardised features, two networks, an optimiser for each.</summary>
public sealed record Reconstruction : StepSpec
{
    public override TrainingStep Start(StepStart start) => new ReconstructionStep(start);
}

internal sealed class ReconstructionStep : TrainingStep
{
    private const string Error = "loss";
    private readonly TrainingOptions options;
    private double[] sums = new double[2];

    public ReconstructionStep(StepStart start)
    {
        (Networks, options) = (start.Networks, start.Options);
        Optimizers = [.. Networks.Values.Select(
            n => options.Optimizer.Start([.. n.Tensors.Where(t => t.Trainable).Select(t => t.Tensor)]))];
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks { get; }

    public override IReadOnlyList<OptimizerRun> Optimizers { get; }

    public override IReadOnlyList<Figure> Figures => [new(Error, Goal.Minimize)];

    public override IReadOnlyDictionary<string, double> RunningMetrics => Mean(sums);

    public override double[] RunningSums
    {
        get => [.. sums];
        set => sums = [.. value];
    }

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        var batch = batches.Next()!;
        foreach (var optimizer in Optimizers)
        {
            optimizer.ZeroGradients();
        }

        var loss = Loss(batch);
        loss.backward();
        GradientsReady(at);
        foreach (var optimizer in Optimizers)
        {
            optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        }

        double value = loss.item<float>();
        (sums[0], sums[1]) = (sums[0] + (value * batch.Count), sums[1] + batch.Count);
        return new(value, batch.Count);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        using var none = no_grad();
        var all = new double[2];
        foreach (var batch in batches)
        {
            (all[0], all[1]) = (all[0] + (Loss(batch).item<float>() * batch.Count), all[1] + batch.Count);
        }

        return Mean(all);
    }

    private Tensor Loss(Batch batch)
    {
        var encoded = Networks[Autoencoder.Encoder].Forward(batch.Inputs);
        var made = Networks[Autoencoder.Decoder].Forward(encoded[Network.DefaultOutput])[Network.DefaultOutput];
        return (made - encoded["scaled"].flatten(1)).pow(2).mean();
    }

    private static Dictionary<string, double> Mean(double[] sums) => new() { [Error] = sums[0] / Math.Max(1, sums[1]) };
}

using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>The contract of every architecture: it has the published counts, all of it learns, and its scoring form
/// computes the same in ONNX Runtime.</summary>
/// <example><code>
/// NetworkContract.Of(new MyNet(), Shape.Image(3, 32, 32)).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests.</remarks>
public static class NetworkContract
{
    /// <summary>The name of the statement that the number of outputs is free. Architectures that state all their layers
    /// leave it out.</summary>
    public const string AnyOutputs = "Another number of outputs is built, or refused";

    /// <summary>How far ONNX Runtime may be off, relative to the greatest score where that is above 1.</summary>
    private const double Tolerance = 1e-4;

    private static readonly FactList<NetworkSample> LaidOut = new()
    {
        { "It has as many weights and multiply–adds as are published", CountsAreThePublished },
        { "It makes the outputs that are asked for, and auxiliary heads for training alone", OutputsAreThoseAskedFor },
        { AnyOutputs, OtherOutputsAreBuiltOrRefused },
        { "Built twice it is the same", s => Expect.True(Built(s).Equals(Built(s)), "two builds differ.") },
        { "It is its backbone with its head behind it", IsBackboneAndHead },
        {
            "A saved network is read with all its layers",
            s => Expect.True(Built(s).Equals(Reread(Built(s))), "what was read is another network.")
        },
        { "Inputs that it does not take are a ShapeException", MisfitsAreTold },
    };

    private static readonly FactList<NetworkSample> Run = new(TorchRun.Do)
    {
        { "torch has the weights that the plan counts", CountsAreTorchs },
        { "Every weight learns, those of auxiliary heads too", EveryWeightLearns },
        { "ONNX Runtime scores as torch does, and scores depend on the input", ScoresAreOnnxRuntimes },
        { "A saved network with its weights scores the same", SavedScoresAreTheSame },
    };

    /// <summary>The facts of an architecture without published counts.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="input">An input that it takes; a small one, as it is run.</param>
    /// <param name="outputs">Classes, or values to predict.</param>
    public static IReadOnlyList<ContractFact> Of(NetworkSpec spec, Shape input, int outputs = 10) =>
        Of(new NetworkSample(spec, input, outputs));

    /// <summary>The facts of an architecture.</summary>
    /// <param name="sample">The architecture with an input that it takes.</param>
    public static IReadOnlyList<ContractFact> Of(NetworkSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return
        [
            .. ComponentContract.Of<ModelSpec>(sample.Spec), .. LaidOut.Of($"{sample}", sample),
            .. sample.OnlyCounted ? [] : Run.Of($"{sample}", sample),
        ];
    }

    private static Network Built(NetworkSample sample) => sample.Spec.ToNetwork(sample.Input, sample.Outputs);

    private static Network Reread(Network network) => RecordJson.Deserialize<Network>(RecordJson.Serialize(network));

    private static void CountsAreThePublished(NetworkSample sample)
    {
        var plan = Built(sample).Plan();
        Expect.Equal(sample.Weights ?? plan.ParameterCount, plan.ParameterCount, "trainable weights");
        Expect.Equal(sample.Macs ?? plan.Macs, plan.Macs, "multiply–adds of one example");
    }

    private static void OutputsAreThoseAskedFor(NetworkSample sample)
    {
        var plan = Built(sample).Plan();
        Expect.Equal(Shape.Vector(sample.Outputs), plan.Outputs[0].Shape, "its output");
        Expect.Equal(sample.AuxiliaryHeads, plan.Outputs.Count(o => o.Role == TapRole.Auxiliary), "auxiliary heads while it trains");
        Expect.Equal(0, plan.ForScoring().Outputs.Count(o => o.Role == TapRole.Auxiliary), "auxiliary heads when it scores");
    }

    private static void OtherOutputsAreBuiltOrRefused(NetworkSample sample)
    {
        try
        {
            Expect.Equal(
                Shape.Vector(sample.Outputs + 3),
                sample.Spec.ToNetwork(sample.Input, sample.Outputs + 3).Plan().Outputs[0].Shape,
                "its output");
        }
        catch (ShapeException e) when (e.Message.Length > 20)
        {
        }
    }

    private static void IsBackboneAndHead(NetworkSample sample)
    {
        var backbone = new Network(sample.Spec.Backbone(sample.Input), sample.Input).Plan();
        Expect.Equal(1, backbone.Outputs.Count, "outputs of the backbone");
        var whole = Built(sample).Plan();
        var known = whole.Parameters.ToDictionary(p => p.Name, p => p.Parameter);
        foreach (var (name, parameter) in backbone.Parameters)
        {
            bool has = known.TryGetValue(name, out var same) && same.Dims.Equals(parameter.Dims);
            Expect.True(has, $"the backbone's weight {name} is none of the whole network's.");
        }

        var features = backbone.Outputs[0].Shape;
        var head = new Network(sample.Spec.Head(sample.Input, sample.Outputs), features).Plan();
        Expect.Equal(whole.Outputs[0].Shape, head.Outputs[0].Shape, "what the head makes of the features");
    }

    private static void MisfitsAreTold(NetworkSample sample)
    {
        foreach (var wrong in (Shape[])[Shape.Tokens(), new(ElementType.Float32, [Dim.Batch, 1, 1]), Shape.Image(1, 1, 1)])
        {
            try
            {
                sample.Spec.ToNetwork(wrong, sample.Outputs).Plan();
            }
            catch (ShapeException)
            {
                // As it should be; what is built instead has been checked by its plan.
            }
        }
    }

    private static TorchNetwork Start(NetworkSample sample)
    {
        var network = sample.Spec.ToNetwork(sample.Small ?? sample.Input, sample.Outputs);
        var torch = new TorchNetwork(sample.Narrow?.Invoke(network) ?? network);

        // He et al. 2015, arXiv:1502.01852, eq. 10.
        using var none = no_grad();
        foreach (var tensor in torch.Tensors.Where(t => sample.FillByFanIn && t.Trainable && t.Tensor.ndim > 1).Select(t => t.Tensor))
        {
            tensor.normal_(0, Math.Sqrt(2.0 * tensor.shape[0] / tensor.numel()));
        }

        return torch;
    }

    private static Tensor Input(NetworkSample sample)
    {
        var shape = sample.Small ?? sample.Input;
        return randn([2, .. Enumerable.Range(1, shape.Rank - 1).Select(i => (long)shape.Size(i))]);
    }

    private static void CountsAreTorchs(NetworkSample sample)
    {
        using var network = Start(sample);
        Expect.Equal(
            network.Plan.ParameterCount,
            network.Tensors.Where(t => t.Trainable).Sum(t => t.Tensor.numel()),
            "trainable weights in torch");
    }

    private static void EveryWeightLearns(NetworkSample sample)
    {
        using var network = Start(sample);
        network.Forward(Input(sample)).Values.Select(o => (o * randn_like(o)).sum()).Aggregate((a, b) => a.Add(b)).backward();
        foreach (var (name, tensor, _) in network.Tensors.Where(t => t.Trainable))
        {
            Expect.True(
                tensor.grad is { } gradient && gradient.abs().max().item<float>() > 0,
                $"{name} gets no gradient, so it would never change.");
        }
    }

    private static void ScoresAreOnnxRuntimes(NetworkSample sample)
    {
        using var network = Start(sample);
        var input = Input(sample);
        double off = OnnxParity.Difference(network, input);
        Expect.True(
            off < Tolerance,
            string.Create(CultureInfo.InvariantCulture,
                $"ONNX Runtime is off by {off:G3}, but {Tolerance:G3} is allowed."));

        // Which says something only where what is computed depends on the input.
        using var none = no_grad();
        var scores = network.Forward(input)[Network.DefaultOutput];
        double apart = (scores[0] - scores[1]).abs().max().item<float>() / Math.Max(1, scores.abs().max().item<float>());
        Expect.True(
            apart > 20 * Tolerance,
            string.Create(CultureInfo.InvariantCulture, $"the scores of two random inputs are only {apart:G3} apart."));
    }

    private static void SavedScoresAreTheSame(NetworkSample sample)
    {
        using var network = Start(sample);
        using var copy = new TorchNetwork(Reread(network.Plan.Network));
        copy.LoadWeights(network.ReadWeights());
        network.SetTraining(false);
        copy.SetTraining(false);
        using var none = no_grad();
        var input = Input(sample);
        Expect.True(
            Tensors.Same(network.Forward(input)[Network.DefaultOutput], copy.Forward(input)[Network.DefaultOutput]),
            "the network that was read scores otherwise with the same weights.");
    }
}

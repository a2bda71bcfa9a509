using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <content>What is computed.</content>
public static partial class LayerContract
{
    private static void GradientsAreRight(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        var inputs = it.Inputs();
        var named = inputs.Select((tensor, i) => (Name: $"input {i}", Tensor: tensor)).Where(t => t.Tensor.is_floating_point()).ToList();
        named.ForEach(t => t.Tensor.requires_grad = true);
        GradientCheck.Check(
            [.. network.Tensors.Where(t => t.Trainable).Select(t => (t.Name, t.Tensor)), .. named],
            LayerCase.Scalar(network, inputs));
    }

    private static void RowsDoNotMeet(LayerSample sample)
    {
        var (network, inputs) = Scoring(sample);
        using var owned = network;
        using var none = no_grad();
        var (whole, alone) = (LayerCase.Pass(network, inputs), LayerCase.Pass(network, [.. inputs.Select(i => i.narrow(0, 1, 1))]));
        foreach (var (name, output) in whole)
        {
            Near(output.narrow(0, 1, 1), alone[name], 1e-5, $"row 1 of '{name}' by itself, instead of among three,");
        }
    }

    private static void NoRowsMakeNone(LayerSample sample)
    {
        var (network, inputs) = Scoring(sample);
        using var owned = network;
        using var none = no_grad();
        Tensor[] empty = [.. inputs.Select(i => i.narrow(0, 0, 0))];
        foreach (var output in LayerCase.Pass(network, empty).Values)
        {
            Expect.Equal(0L, output.shape[0], "rows made of a batch without rows");
        }

        // Where dimensions differ it tells.
        OnnxParity.Difference(network, empty);
    }

    private static void EvaluationIsPure(LayerSample sample)
    {
        var (network, inputs) = Scoring(sample);
        using var owned = network;
        var before = network.ReadWeights();
        Same(LayerCase.Pass(network, inputs, seed: 1), LayerCase.Pass(network, inputs, seed: 2), "with other random numbers");
        foreach (var weight in network.ReadWeights())
        {
            Expect.True(weight.Data.AsSpan().SequenceEqual(before[weight.Name].Data), $"{weight.Name} is changed by evaluation.");
        }
    }

    private static void TrainingIsSeeded(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        var inputs = it.Inputs();
        Same(LayerCase.Pass(network, inputs), LayerCase.Pass(network, inputs), "in a second pass from the same seed");
    }

    private static void OnnxAgrees(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        foreach (var (rows, length) in ((int, int)[])[(3, 5), (1, 7)])
        {
            double off = OnnxParity.Difference(network, it.Inputs(rows, length));
            Expect.True(
                off <= it.Tolerance,
                Text($"ONNX Runtime is off by {off:G3} for a batch of {rows}, but {it.Tolerance:G3} is allowed."));
        }
    }

    private static void BFloat16IsNear(LayerSample sample)
    {
        var (network, inputs) = Scoring(sample);
        using var owned = network;
        using var none = no_grad();
        var exact = LayerCase.Pass(network, inputs);
        network.Precision = Precision.BFloat16;
        foreach (var (name, rounded) in LayerCase.Pass(network, inputs).Where(o => exact[o.Key].is_floating_point()))
        {
            // Two to three digits, and some more lost by sums.
            Near(exact[name], rounded, 0.06, $"'{name}' in bfloat16");
        }
    }

    private static void YamlComputesTheSame(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        using var read = LayerCase.Start(it.Around(ComponentContract.FromYaml(it.Subject)));
        var inputs = it.Inputs();
        read.LoadWeights(network.ReadWeights());
        Same(LayerCase.Pass(network, inputs), LayerCase.Pass(read, inputs), "as read from YAML");
    }

    // The network in evaluation mode, with inputs.
    private static (TorchNetwork Network, Tensor[] Inputs) Scoring(LayerSample sample)
    {
        var it = new LayerCase(sample);
        var network = LayerCase.Start(it.Network);
        network.SetTraining(false);
        return (network, it.Inputs());
    }

    private static void Same(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> actual, string when)
    {
        foreach (var (name, output) in expected)
        {
            Expect.True(Tensors.Same(output, actual[name]), $"'{name}' is another {when}.");
        }
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Expect.Equal(Tensors.Dims(expected), Tensors.Dims(actual), $"the dimensions of {what}");
        double off = Tensors.Difference(expected, actual);
        Expect.True(off <= tolerance, Text($"{what} is off by {off:G3}, but {tolerance:G3} is allowed."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <content>Shapes, weights, costs, and what is refused.</content>
public static partial class LayerContract
{
    private static void ShapesAreReal(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        foreach (var (rows, length) in ((int, int)[])[(3, 5), (2, 7)])
        {
            var outputs = LayerCase.Pass(network, it.Inputs(rows, length));
            foreach (var output in network.Plan.Outputs)
            {
                var real = outputs[output.Name];
                Expect.True(
                    output.Shape.Fits(real.shape),
                    $"'{output.Name}' is {output.Shape} by the shape rule but {Tensors.Dims(real)} in torch.");
                Expect.Equal(output.Shape.Type == ElementType.Int64, real.dtype == ScalarType.Int64, $"whether '{output.Name}' is int64");
            }
        }
    }

    private static void WeightsAreDeclared(LayerSample sample)
    {
        using var network = LayerCase.Start(new LayerCase(sample).Network);
        foreach (var ((name, parameter), (_, tensor, trainable)) in network.Plan.Parameters.Zip(network.Tensors))
        {
            Expect.Sequence(parameter.Dims, tensor.shape, $"the dimensions of {name}");
            Expect.Equal(parameter.Trainable, trainable, $"whether {name} is trained");
        }

        Expect.Equal(
            network.Plan.ParameterCount,
            network.Tensors.Where(t => t.Trainable).Sum(t => t.Tensor.numel()),
            "its trainable weights");
    }

    private static void WeightsAreSeeded(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var first = LayerCase.Start(it.Network);
        using var second = LayerCase.Start(it.Network);
        foreach (var (one, other) in first.Tensors.Zip(second.Tensors))
        {
            Expect.True(Tensors.AreFinite(one.Tensor), $"{one.Name} begins with values that are not finite.");
            Expect.True(
                Tensors.Same(one.Tensor, other.Tensor),
                $"{one.Name} begins otherwise from the same seed; draw from torch's generator.");
        }
    }

    private static void CostsAreOfOneExample(LayerSample sample)
    {
        var plan = new LayerCase(sample).Network.Plan();
        Expect.True(plan.Macs >= 0, $"it costs {plan.Macs} multiply–adds.");
        Expect.Equal(sample.Macs ?? plan.Macs, plan.Macs, "multiply–adds of one example");

        // A batch of known size costs as much for each of its rows.
        var known = new LayerSample(sample.Layer, [.. sample.Inputs.Select(s => s.With(0, 4))]);
        Expect.Equal(plan.Macs, new LayerCase(known).Network.Plan().Macs, "multiply–adds of one example of a batch of four");
    }

    private static void MisfitsAreTold(LayerSample sample)
    {
        var first = sample.Inputs[0];
        Shape[] others =
        [
            new(ElementType.Float32, [Dim.Batch, 2, 2, 2, 2]),
            first with { Type = first.Type == ElementType.Int64 ? ElementType.Float32 : ElementType.Int64 },
        ];
        foreach (var other in others)
        {
            var it = new LayerCase(sample with { Inputs = [other, .. sample.Inputs.Skip(1)] });
            var network = it.Around(new Sequential(it.Subject with { Name = "culprit" }) { Name = "block" });
            try
            {
                network.Plan();
            }
            catch (ShapeException e)
            {
                Expect.Contains("block/culprit", e.Message);
                continue;
            }

            // What is not refused must be what it says.
            using var torch = LayerCase.Start(network);
            var output = torch.Plan.Outputs[0];
            var real = torch.Forward(it.Inputs())[output.Name];
            Expect.True(
                output.Shape.Fits(real.shape),
                $"of {other} it makes {output.Shape} by the shape rule but {Tensors.Dims(real)} in torch.");
        }
    }
}

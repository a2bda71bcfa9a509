using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.Onnx;

public sealed class OnnxWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Any_batch_size_gives_the_textbook_values(int rows)
    {
        var weights = Nets.Weights(Nets.Mlp);
        var input = Nets.Values(rows * 4);
        using var model = new OnnxModel(OnnxWriter.Write(Nets.Mlp, weights));
        var output = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([rows, 4], input) })["output"];
        Assert.Equal([rows, 3], output.Dims);
        for (int row = 0; row < rows; row++)
        {
            Assert.Equal(
                Nets.MlpByHand(weights, input.AsSpan(row * 4, 4)),
                output.Floats.Skip(row * 3).Take(3).Select(v => (double)v),
                (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Fact]
    public void Opset_names_and_symbolic_dimensions_are_as_documented()
    {
        var proto = OnnxReader.Parse(OnnxWriter.Write(
            Nets.Image, Nets.Weights(Nets.Image), new Dictionary<string, string> { ["key"] = "value" }));
        Assert.Equal((17, 8), (Assert.Single(proto.OpsetImport).Version, proto.IrVersion));
        Assert.Equal(["N", "1", "4", "4"], Dims(Assert.Single(proto.Graph.Input)));
        Assert.Equal(["N", "3"], Dims(Assert.Single(proto.Graph.Output)));
        Assert.Equal(("input", "output"), (proto.Graph.Input[0].Name, proto.Graph.Output[0].Name));
        var parameters = Nets.Image.Plan().Parameters.Select(p => p.Name);
        Assert.Equal(parameters, proto.Graph.Initializer.Select(i => i.Name).Take(parameters.Count()));
        Assert.All(proto.Graph.Initializer, i => Assert.NotEqual(0, i.RawData.Length));
        Assert.DoesNotContain(proto.Graph.Node, n => n.OpType == "Identity");
        Assert.Equal(
            "value",
            OnnxReader.ReadMetadata(OnnxWriter.Write(
                Nets.Mlp, Nets.Weights(Nets.Mlp), new Dictionary<string, string> { ["key"] = "value" }))["key"]);

        static IEnumerable<string> Dims(MlNetDl.Onnx.Schema.ValueInfoProto value) =>
            value.Type.TensorType.Shape.Dim.Select(d => d.DimParam.Length > 0 ? d.DimParam : $"{d.DimValue}");
    }

    [Fact]
    public void The_same_network_and_weights_give_the_same_bytes() =>
        Assert.Equal(OnnxWriter.Write(Nets.Image, Nets.Weights(Nets.Image)), OnnxWriter.Write(Nets.Image, Nets.Weights(Nets.Image)));

    [Fact]
    public void A_second_output_is_in_the_graph_and_an_auxiliary_head_is_not()
    {
        var weights = Nets.Weights(Nets.Heads);
        var bytes = OnnxWriter.Write(Nets.Heads, weights);
        using var model = new OnnxModel(bytes);
        var input = Nets.Values(4);
        var outputs = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], input) });
        Assert.Equal(["hidden", "output"], outputs.Keys.Order());
        Assert.Equal(
            Nets.Affine(weights, "0", [.. input.Select(v => (double)v)]),
            outputs["hidden"].Floats.Select(v => (double)v),
            (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.DoesNotContain(OnnxReader.ReadWeights(bytes), w => w.Name.StartsWith("auxiliary", StringComparison.Ordinal));
    }

    [Fact]
    public void One_value_under_two_names_and_an_input_passed_through_are_outputs_too()
    {
        var twice = new Network(
            new Sequential(
                new Tap("raw") { Role = TapRole.Output }, new ReLU(), new Tap("again") { Role = TapRole.Output }),
            Shape.Vector(2));
        using var model = new OnnxModel(OnnxWriter.Write(twice, new([])));
        var outputs = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 2], new float[] { -1, 2 }) });
        Assert.Equal([0, 2], outputs["output"].Floats);
        Assert.Equal([0, 2], outputs["again"].Floats);
        Assert.Equal([-1, 2], outputs["raw"].Floats);
    }

    [Fact]
    public void Two_inputs_of_symbolic_length_meet_in_a_join()
    {
        var shape = new Shape(ElementType.Float32, ["N", "T", 2]);
        var network = new Network(new Sum { With = ["other"] }, [new("input", shape), new("other", shape)]);
        using var model = new OnnxModel(OnnxWriter.Write(network, new([])));
        foreach (int length in (int[])[1, 5])
        {
            var (a, b) = (Nets.Values(3 * length * 2, 1), Nets.Values(3 * length * 2, 2));
            var sum = model.Run(new Dictionary<string, OnnxTensor>
            {
                ["other"] = new([3, length, 2], b),
                ["input"] = new([3, length, 2], a),
            })["output"];
            Assert.Equal([3, length, 2], sum.Dims);
            Assert.Equal(a.Zip(b, (x, y) => x + y), sum.Floats);
        }
    }

    [Fact]
    public void Integers_and_truth_values_flow_through()
    {
        foreach (var (type, data) in ((ElementType, Array)[])[
            (ElementType.Int64, new long[] { 1, -2 }),
            (ElementType.Bool, new[] { true, false }),
        ])
        {
            using var model = new OnnxModel(OnnxWriter.Write(new(new Sequential(), new Shape(type, ["N", "T"])), new([])));
            Assert.Equal(data, model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 2], data) })["output"].Data);
        }
    }

    [Fact]
    public void Weights_of_another_network_are_refused_by_name() => Assert.Contains(
        "'2.weight'",
        Assert.Throws<InvalidDataException>(
            () => OnnxWriter.Write(Nets.Mlp, new(Nets.Weights(Nets.Mlp).Where(w => w.Name != "2.weight")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Reading_gives_the_weights_back_bit_for_bit_without_the_layers_constants()
    {
        var weights = Nets.Weights(Nets.Image);
        var read = OnnxReader.ReadWeights(OnnxWriter.Write(Nets.Image, weights));
        Assert.Equal(weights.Select(w => w.Name).Order(), read.Select(w => w.Name).Order());
        Assert.All(weights, w => Assert.True(w.Dims.Equals(read[w.Name].Dims) && w.Data.SequenceEqual(read[w.Name].Data)));
    }
}

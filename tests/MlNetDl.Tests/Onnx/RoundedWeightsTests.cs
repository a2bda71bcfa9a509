using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.Onnx;

/// <summary>Weights of graphs that others have rounded.</summary>
public sealed class RoundedWeightsTests
{
    /// <summary>Integers that a graph turns before it multiplies them out are no weight as it is. By their name they would be of other dimensions.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Integers_that_a_foreign_graph_turns_are_no_weight(int outputs)
    {
        var network = new Network(new Sequential(new Linear(outputs) { Bias = false, Name = "fc" }), Shape.Vector(3));
        var onnx = OnnxWriter.Write(network, new Weights([new("fc.weight", [outputs, 3], new float[3 * outputs])]), passes: new Turns());
        Assert.Empty(OnnxReader.ReadWeights(onnx));
        using var model = new OnnxModel(onnx);
        float[] row = [1, 0, 0];
        var made = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 3], row) });
        Assert.Equal(Enumerable.Range(0, outputs).Select(i => (float)i), made["output"].Floats);
    }

    private sealed class Turns : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            int outputs = (int)graph.Constants.Single(c => c.Name == "fc.weight").Dims[0];
            sbyte[] levels = [.. Enumerable.Range(0, 3 * outputs).Select(i => (sbyte)i)];
            float[] scales = [.. Enumerable.Repeat(1f, outputs)];
            return graph.With(
                [
                    new("Transpose", ["levels"], ["turned"], new Dictionary<string, object> { ["perm"] = new long[] { 1, 0 } }),
                    new("DequantizeLinear", ["turned", "scales"], ["fc.weight"], new Dictionary<string, object> { ["axis"] = 0L }),
                    .. graph.Nodes,
                ],
                [new("levels", [3, outputs], levels), new("scales", [outputs], scales)]);
        }
    }
}

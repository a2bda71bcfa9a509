using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>What the leaves that route rows have in common: numbers of rows, int64 [M], which a graph finds as it runs.</summary>
internal static class RowNumbers
{
    /// <summary>The shape of such numbers.</summary>
    /// <param name="wire">The wire that publishes them; it names the dimension.</param>
    public static Shape ShapeOf(string wire) => new(ElementType.Int64, [Dim.Of(wire)]);

    /// <summary>Refuses what is no list of row numbers.</summary>
    public static void Check(Leaf leaf, Shape rows)
    {
        if (rows.Rank != 1 || rows.Type != ElementType.Int64)
        {
            throw new ShapeException($"{leaf.GetType().Name} expects numbers of rows, int64[M], but got {rows}; name the wire of the leaf that "
                + "chose the rows.");
        }
    }

    /// <summary>Refuses a running value that has no rows.</summary>
    public static void CheckRows(Leaf leaf, Shape value)
    {
        if (value.Rank < 2 || value.Type != ElementType.Float32)
        {
            throw new ShapeException($"{leaf.GetType().Name} expects rows of float32, [N, …], but got {value}.");
        }
    }

    /// <summary>The numbers of the rows for which a condition [N] holds.</summary>
    public static OnnxValue Onnx(OnnxGraph graph, OnnxValue condition) =>
        graph.Add("Squeeze", [graph.Add("NonZero", [condition]), graph.Constant("first", new long[] { 0 })]);

    /// <summary>A single float32.</summary>
    public static OnnxValue Scalar(OnnxGraph graph, string name, double value) => graph.Constant(name, new[] { (float)value }, scalar: true);

    /// <summary>Numbers [M] as ScatterND takes them, [M, 1].</summary>
    public static OnnxValue Column(OnnxGraph graph, OnnxValue rows) =>
        graph.Add("Unsqueeze", [rows, graph.Constant("second", new long[] { 1 })]);
}

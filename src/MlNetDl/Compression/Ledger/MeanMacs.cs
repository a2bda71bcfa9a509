using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>The multiply–adds that a row takes in the mean, where rows leave a network early, skip blocks or ask one of several experts: what
/// each layer costs, times the rows that reach it in ONNX Runtime.</summary>
internal static class MeanMacs
{
    private const int Batch = 64;

    /// <summary>The mean over some rows; <see langword="null"/> where all rows take the same layers, and where there is no row.</summary>
    /// <param name="package">The model.</param>
    /// <param name="rows">Rows of its only input, row-major; what is left at the end does not count.</param>
    public static double? Of(ModelPackage package, IReadOnlyList<float> rows)
    {
        if (package.Manifest.Networks.Count != 1 || package.Manifest.Main.Inputs is not [{ Shape.Type: ElementType.Float32 } input])
        {
            return null;
        }

        var (name, tree) = package.Manifest.Networks.Single();
        var plan = RecordJson.Deserialize<Network>(tree.GetRawText()).Plan().ForScoring();
        var steps = plan.Steps.Where(s => s.Macs > 0).ToLookup(s => RowsOf(s.InputShapes[0]), s => s.Macs);
        var all = RowsOf(plan.Network.Inputs[0].Shape);
        if (steps.All(s => s.Key == all) || input.Shape.Dims.Skip(1).Any(d => d.Size is null) || rows.Count < input.Shape.ElementsPerExample())
        {
            return null;
        }

        var (_, names) = OnnxExport.Run(plan, package.ReadWeights(name).WithFixed(plan));
        var watched = plan.Steps.SelectMany(s => s.Inputs.Zip(s.InputShapes))
            .Where(v => RowsOf(v.Second) is { } of && of != all && steps.Contains(of) && names.Slots.ContainsKey(v.First))
            .GroupBy(v => RowsOf(v.Second)!, v => (Value: names.Slots[v.First], Size: SizeOf(v.Second)))
            .ToDictionary(g => g.Key, g => g.MinBy(v => v.Size).Value);
        using var model = new OnnxModel(Watching(package.Graphs[package.Manifest.Main.Name], watched.Values), new() { Threads = 1 });
        int width = (int)input.Shape.ElementsPerExample()!, count = rows.Count / width;
        double macs = steps[all].Sum() * (double)count;
        for (int first = 0; first < count; first += Batch)
        {
            int size = Math.Min(Batch, count - first);
            float[] values = [.. Enumerable.Range(first * width, size * width).Select(i => rows[i])];
            var made = model.Run(new Dictionary<string, OnnxTensor> { [input.Name] = new([.. input.Shape.DimsOf(size)], values) });
            macs += watched.Sum(w => steps[w.Key].Sum() * (double)made[w.Value].Dims[0]);
        }

        return macs / count;
    }

    // Rows that go a way of their own have another name in shapes.
    private static string? RowsOf(Shape shape) => shape.Rank > 0 ? shape[0].Symbol : null;

    private static long SizeOf(Shape shape) => shape.Dims.Skip(1).Any(d => d.Size is null) ? long.MaxValue : shape.ElementsPerExample();

    // The same graph with more outputs.
    private static byte[] Watching(byte[] graph, IEnumerable<string> values)
    {
        var proto = OnnxReader.Parse(graph);
        proto.Graph.Output.AddRange(values.Select(v => new Onnx.Schema.ValueInfoProto { Name = v }));
        return Google.Protobuf.MessageExtensions.ToByteArray(proto);
    }
}

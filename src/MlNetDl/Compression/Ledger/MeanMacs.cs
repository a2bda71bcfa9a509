using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Compression;

/// <summary>The multiply–adds that a row takes in the mean, where rows leave a network early, skip blocks or ask one of several experts: what
/// each layer costs, times the rows that reach it in ONNX Runtime.</summary>
internal static class MeanMacs
{
    private const int Batch = 64;

    /// <summary>The mean over some rows; <see langword="null"/> where all rows take the same layers, where there is no row, and where the graph does
    /// not tell how many rows go a way.</summary>
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
        var macs = plan.Steps.Where(s => s.Macs > 0).GroupBy(s => s.InputShapes[0].Rows ?? "").ToDictionary(g => g.Key, g => g.Sum(s => s.Macs));
        var all = plan.Network.Inputs[0].Shape.Rows ?? "";
        if (macs.Keys.All(k => k == all) || input.Shape.Dims.Skip(1).Any(d => d.Size is null) || rows.Count < input.Shape.ElementsPerExample())
        {
            return null;
        }

        var graph = OnnxReader.Parse(package.Graphs[package.Manifest.Main.Name]);
        var (_, names) = OnnxExport.Run(plan, package.ReadWeights(name).WithFixed(plan));
        var watched = Watched(plan, names, graph.Graph);
        if (macs.Keys.Any(k => k != all && !watched.ContainsKey(k)))
        {
            return null;
        }

        AddOutputs(graph.Graph, watched.Values);
        using var model = new OnnxModel(Google.Protobuf.MessageExtensions.ToByteArray(graph), new() { Threads = 1 });
        int width = (int)input.Shape.ElementsPerExample(), count = rows.Count / width;
        double sum = macs.GetValueOrDefault(all) * (double)count;
        for (int first = 0; first < count; first += Batch)
        {
            int size = Math.Min(Batch, count - first);
            float[] values = [.. Enumerable.Range(first * width, size * width).Select(i => rows[i])];
            var made = model.Run(new Dictionary<string, OnnxTensor> { [input.Name] = new([.. input.Shape.DimsOf(size)], values) });
            sum += macs.Where(m => m.Key != all).Sum(m => m.Value * (double)made[watched[m.Key]].Dims[0]);
        }

        return sum / count;
    }

    // For the rows of each name the smallest value that a node of the stored graph makes: a pass may have left out others.
    private static Dictionary<string, string> Watched(Plan plan, OnnxNames names, GraphProto graph)
    {
        var made = graph.Node.SelectMany(n => n.Output).ToHashSet();
        return plan.Steps.SelectMany(s => s.Inputs.Zip(s.InputShapes).Concat(s.Outputs.Zip(s.OutputShapes)))
            .Where(v => v.Second.Rows is not null && names.Slots.TryGetValue(v.First, out var value) && made.Contains(value))
            .GroupBy(v => v.Second.Rows!, v => (Value: names.Slots[v.First], Size: SizeOf(v.Second)))
            .ToDictionary(g => g.Key, g => g.MinBy(v => v.Size).Value);
    }

    private static long SizeOf(Shape shape) => shape.Dims.Skip(1).Any(d => d.Size is null) ? long.MaxValue : shape.ElementsPerExample();

    // A value that is an output already is one only once.
    private static void AddOutputs(GraphProto graph, IEnumerable<string> values)
    {
        var known = graph.Output.Select(o => o.Name).ToHashSet();
        graph.Output.AddRange(values.Where(known.Add).Select(v => new ValueInfoProto { Name = v }));
    }
}

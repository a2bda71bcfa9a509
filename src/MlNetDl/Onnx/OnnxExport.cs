using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Onnx;

/// <summary>Lets the layers of a plan write themselves, and gives the outputs their names.</summary>
internal static class OnnxExport
{
    public static (OnnxGraph Graph, OnnxNames Names) Run(Plan plan, Weights weights)
    {
        var graph = new OnnxGraph();
        var slots = new OnnxValue?[plan.Slots];
        Write(plan, weights, graph, slots);
        var names = OutputNames(plan, graph, slots);
        var nodes = graph.Nodes.Select(n => Rename(n, names)).ToList();
        nodes.AddRange(plan.Outputs.Where(o => names.GetValueOrDefault(slots[o.Slot]!.Name) != o.Name)
            .Select(o => new OnnxNode("Identity", [Renamed(slots[o.Slot]!.Name, names)], [o.Name], new Dictionary<string, object>())));
        var slotNames = slots.Index().Where(s => s.Item is not null).ToDictionary(s => s.Index, s => Renamed(s.Item!.Name, names));
        var paths = nodes.SelectMany(n => n.Outputs.Select(o => (Output: o, n.Path)))
            .DistinctBy(v => v.Output)
            .ToDictionary(v => v.Output, v => v.Path);
        return (graph.With(nodes, graph.Constants), new(plan, slotNames, paths));
    }

    private static void Write(Plan plan, Weights weights, OnnxGraph graph, OnnxValue?[] slots)
    {
        for (int i = 0; i < plan.Network.Inputs.Count; i++)
        {
            var input = plan.Network.Inputs[i];
            slots[i] = graph.Declare(input.Name, input.Shape);
        }

        foreach (var output in plan.Outputs)
        {
            graph.Declare(output.Name, output.Shape);
        }

        var initializers = new Dictionary<string, OnnxValue>();
        foreach (var (name, _) in plan.Parameters)
        {
            initializers[name] = graph.Initializer(name, weights[name].Dims, weights[name].Data);
        }

        foreach (var step in plan.Steps)
        {
            graph.Scope = step.Path;
            var own = step.Parameters.ToDictionary(p => p.Name, p => initializers[$"{step.WeightsName}.{p.Name}"]);
            var made = LeafCode.Each(
                step.Leaf,
                (nameof(Leaf.WriteOnnx), nameof(PublishingLeaf.WriteOnnxAll)),
                step.Path,
                () => step.Leaf.Write(graph, [.. step.Inputs.Select(i => slots[i]!)], own));
            if (made.Count != step.Outputs.Count)
            {
                throw new ShapeException($"{step.Leaf.GetType().Name} wrote {made.Count} values to ONNX where its "
                    + $"shapes are {step.OutputShapes.Count}.")
                    .At(step.Path);
            }

            for (int i = 0; i < made.Count; i++)
            {
                slots[step.Outputs[i]] = made[i] with { Shape = step.OutputShapes[i] };
            }
        }
    }

    // A value that a node makes simply gets the output's name. A value with two names, or a network input that is
    // passed through, needs an Identity.
    private static Dictionary<string, string> OutputNames(Plan plan, OnnxGraph graph, OnnxValue?[] slots)
    {
        var made = graph.Nodes.SelectMany(n => n.Outputs).ToHashSet();
        return plan.Outputs.Select(o => (o.Name, Value: slots[o.Slot]!.Name))
            .Where(o => made.Contains(o.Value)).DistinctBy(o => o.Value).ToDictionary(o => o.Value, o => o.Name);
    }

    private static OnnxNode Rename(OnnxNode node, Dictionary<string, string> names) => node with
    {
        Inputs = [.. node.Inputs.Select(i => Renamed(i, names))],
        Outputs = [.. node.Outputs.Select(o => Renamed(o, names))],
    };

    private static string Renamed(string name, Dictionary<string, string> names) => names.GetValueOrDefault(name, name);
}

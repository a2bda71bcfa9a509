using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Onnx;

/// <summary>The rules of every ONNX graph: each value is made once, before it is read, and every output is
/// made.</summary>
internal static class OnnxGraphCheck
{
    /// <param name="graph">The graph.</param>
    /// <param name="plan">The network's inputs and outputs.</param>
    /// <param name="author">Who wrote it, for the message.</param>
    /// <exception cref="InvalidOperationException">The graph does not keep it.</exception>
    public static void Check(OnnxGraph graph, Plan plan, string author)
    {
        var known = new HashSet<string>();
        foreach (var name in plan.Network.Inputs.Select(i => i.Name).Concat(graph.Constants.Select(c => c.Name)))
        {
            Define(name);
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.Where(i => i.Length > 0 && !known.Contains(i)))
            {
                throw Problem($"node {Text(node)} reads '{input}', which no input, constant or node before it is named");
            }

            foreach (var output in node.Outputs.Where(o => o.Length > 0))
            {
                Define(output);
            }
        }

        if (plan.Outputs.FirstOrDefault(o => !known.Contains(o.Name)) is { } missing)
        {
            throw Problem($"nothing makes the network's output '{missing.Name}'");
        }

        void Define(string name)
        {
            if (name.Length == 0 || !known.Add(name))
            {
                throw Problem(name.Length == 0 ? "a constant has no name" : $"two values are named '{name}'");
            }
        }

        InvalidOperationException Problem(string what) => new($"The ONNX graph that {author} made is not valid: {what}.");
    }

    private static string Text(OnnxNode node) => node.Path.Length == 0 ? node.Op : $"{node.Op} of layer '{node.Path}'";
}

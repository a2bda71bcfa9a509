using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>What of a network is rounded, seen from its plan: the same values and weights that the pass rounds in its
/// graph.</summary>
internal sealed class QuantizedMap
{
    private readonly Dictionary<(string Path, int Index), string> roots = [];
    private readonly Dictionary<string, QuantizedProduct> weights = [];

    /// <param name="plan">The network.</param>
    /// <param name="current">Its weights.</param>
    /// <param name="keep">Paths of layers that stay in float.</param>
    public QuantizedMap(Plan plan, Weights current, IReadOnlyCollection<string> keep)
    {
        var scoring = plan.ForScoring();
        var (graph, names) = OnnxExport.Run(scoring, current.WithFixed(scoring));
        var slots = ValueKeys.Of(scoring);
        var read = scoring.Steps.SelectMany(s => s.Inputs).Select(slot => slots[slot]).ToHashSet();
        Layout = QuantizedLayout.Of(graph, names, keep, read.Contains);
        Graph = graph;
        var keys = ValueKeys.OfValues(names);
        foreach (var step in scoring.Steps)
        {
            foreach (var (index, slot) in step.Inputs.Index())
            {
                var value = names.Slots[slot];
                if (Layout.Values.Contains(value))
                {
                    roots[(step.Path, index)] = keys[Layout.GridOf(value)].First();
                }
            }
        }

        foreach (var product in Layout.Products.Values)
        {
            weights[product.Weight.Name] = product;
        }
    }

    /// <summary>What becomes integers in the graph.</summary>
    public QuantizedLayout Layout { get; }

    /// <summary>The graph of the network in float.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>For each input of a step that is rounded, the key of the value that has its grid.</summary>
    public IReadOnlyDictionary<(string Path, int Index), string> Roots => roots;

    /// <summary>The paths of the layers that read a value with the grid of a key, in order.</summary>
    public IEnumerable<string> ReadersOf(string key) => roots.Where(r => r.Value == key).Select(r => r.Key.Path).Distinct();

    /// <summary>The weights that are rounded, by full name.</summary>
    public IReadOnlyDictionary<string, QuantizedProduct> Weights => weights;
}

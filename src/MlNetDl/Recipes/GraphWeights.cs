using MlNetDl.Analysis;
using MlNetDl.Models;
using MlNetDl.Networks;

namespace MlNetDl.Recipes;

/// <summary>Decides which trained weights go into which graph, and which only training needs.</summary>
internal static class GraphWeights
{
    /// <summary>The weights of a graph. They come from its network, or from the one network that has them; fixed values
    /// are added.</summary>
    /// <exception cref="ArgumentException">Two networks have different weights of one name, and the graph does not name
    /// its network; or the network that it names does not exist.</exception>
    public static Weights Of(ModelGraph graph, IReadOnlyDictionary<string, Weights> weights, Plan plan) =>
        new Weights(plan.Parameters.Select(p => (p.Name, Source: Source(graph, weights, p.Name)))
            .Where(p => p.Source is not null)
            .Select(p => weights[p.Source!][p.Name]))
            .WithFixed(plan);

    /// <summary>The weights that are in no graph, under the names by which
    /// <see cref="ModelPackage.ReadWeights(string)"/> finds them.</summary>
    public static Weights Others(IReadOnlyList<(ModelGraph Graph, Plan Plan)> graphs, IReadOnlyDictionary<string, Weights> weights)
    {
        var inGraphs = graphs
            .SelectMany(g => g.Plan.Parameters.Select(p => (Network: Source(g.Graph, weights, p.Name), p.Name)))
            .ToHashSet();
        return new(weights.SelectMany(network => network.Value.Where(w => !inGraphs.Contains((network.Key, w.Name)))
            .Select(w => w with { Name = ModelPackage.TrainingName(network.Key, w.Name, weights.Count) })));
    }

    private static string? Source(ModelGraph graph, IReadOnlyDictionary<string, Weights> weights, string name)
    {
        if (graph.WeightsOf is { } network)
        {
            if (!weights.TryGetValue(network, out var own))
            {
                throw new ArgumentException($"Graph '{graph.Name}' takes the weights of '{network}', but the networks "
                    + $"are {string.Join(" and ", weights.Keys)}.");
            }

            return own.Contains(name) ? network : null;
        }

        var sources = weights.Where(w => w.Value.Contains(name)).Select(w => w.Key).ToList();
        if (sources.Count >= 2)
        {
            throw new ArgumentException(
                $"Graph '{graph.Name}' needs weight '{name}', which the networks {string.Join(" and ", sources)} both "
                    + "have; name their layers differently, or say by WeightsOf whose weights the graph takes.");
        }

        return sources.FirstOrDefault();
    }
}

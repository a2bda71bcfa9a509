using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Compression;

/// <summary>The weights of a network that can be factorised, and those that cannot.</summary>
/// <param name="All">The weights, in the order of execution.</param>
/// <param name="Left">Layers with a matrix or a kernel that are left alone, and why.</param>
internal sealed record FactorLayers(IReadOnlyList<FactorLayer> All, IReadOnlyList<(string Path, string Reason)> Left)
{
    /// <summary>Those of a network. Auxiliary heads are no part of what scores, and are not looked at.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="keep">The paths of layers that are left out, with what is below them.</param>
    /// <param name="convolutions">How kernels are factorised.</param>
    public static FactorLayers Of(Plan plan, Weights weights, IReadOnlyList<string> keep, ConvolutionFactors convolutions)
    {
        var scoring = plan.ForScoring().Steps.Where(s => s.Leaf is Linear or Conv2d).Select(s => s.WeightsName).ToHashSet();
        var (all, left) = (new List<FactorLayer>(), new List<(string, string)>());
        foreach (var users in plan.Steps.Where(s => s.Parameters.Count > 0).GroupBy(s => s.WeightsName).Where(g => scoring.Contains(g.Key)))
        {
            // A weight that several layers share is kept where one of them is.
            if (users.Any(u => keep.Any(k => LayerPaths.IsBelow(u.Path, k))))
            {
                continue;
            }

            if (Reason([.. users.Select(u => u.Leaf)], convolutions) is { } reason)
            {
                left.Add((string.Join(" and ", users.Select(u => u.Path)), reason));
            }
            else
            {
                all.Add(new([.. users], weights, convolutions));
            }
        }

        return new(all, left);
    }

    /// <summary>The network with factors in the place of some layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranks">The ranks by the name of the weights.</param>
    public static Network Rewrite(Network network, IReadOnlyDictionary<string, FactorRanks> ranks) => network with
    {
        Root = LayerTree.Map(network.Root, (place, leaf) =>
            ranks.TryGetValue(place.WeightsName, out var found) ? new Sequential(FactorLayer.Leaves(leaf, found)) : leaf),
    };

    /// <summary>The weights of that network.</summary>
    /// <param name="weights">The weights of the network before.</param>
    /// <param name="ranks">The ranks by the name of the weights.</param>
    public Weights Rewrite(Weights weights, IReadOnlyDictionary<string, FactorRanks> ranks)
    {
        var gone = ranks.Keys.SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" }).ToHashSet();
        return new(weights.Where(w => !gone.Contains(w.Name))
            .Concat(All.Where(l => ranks.ContainsKey(l.Name)).SelectMany(l => l.Factors(ranks[l.Name]))));
    }

    private static string? Reason(IReadOnlyList<Leaf> users, ConvolutionFactors convolutions)
    {
        if (users.Any(u => u.GetType() != users[0].GetType()))
        {
            return $"{string.Join(" and ", users.Select(u => u.GetType().Name).Distinct())} share its weights";
        }

        return users[0] switch
        {
            Conv2d when users.Cast<Conv2d>().Any(c => c.Groups > 1) => "its groups do not see each other's channels",
            Conv2d { Kernel: > 1 } when convolutions == ConvolutionFactors.None => "its kernel is larger than 1×1",
            _ => null,
        };
    }
}

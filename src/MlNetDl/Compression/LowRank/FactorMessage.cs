using System.Globalization;
using MlNetDl.Analysis;

namespace MlNetDl.Compression;

/// <summary>What is told of a network whose layers were factorised.</summary>
internal static class FactorMessage
{
    /// <summary>The ranks of each layer with the energy that they keep, and the layers that stay.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="name">The name of the network.</param>
    /// <param name="layers">The layers that could be factorised.</param>
    /// <param name="ranks">The ranks of those that are.</param>
    /// <param name="before">The network before.</param>
    /// <param name="after">The network after.</param>
    public static string Of(
        LowRank stage, string name, FactorLayers layers, IReadOnlyDictionary<string, FactorRanks> ranks, Plan before, Plan after)
    {
        var told = layers.All.Where(l => ranks.ContainsKey(l.Name)).Select(l => Of(l, ranks[l.Name])).ToList();
        var left = layers.All.Where(l => !ranks.ContainsKey(l.Name)).Select(l => $"{l.Paths} ({Reason(stage, l)})")
            .Concat(layers.Left.Select(l => $"{l.Path} ({l.Reason})")).ToList();
        return (ranks.Count > 0 ? "" : Nothing(stage, name, layers)) + string.Create(CultureInfo.InvariantCulture,
            $"lowRank of '{name}': {ranks.Count:N0} of {layers.All.Count + layers.Left.Count:N0} layers factorised; {PruningMessage.Sizes(before, after)}"
                + $"{(told.Count == 0 ? "" : $"; {string.Join(", ", told)}")}{(left.Count == 0 ? "" : $"; whole: {string.Join(", ", left)}")}");
    }

    private static string Nothing(LowRank stage, string name, FactorLayers layers) => string.Create(CultureInfo.InvariantCulture,
        $"warning: lowRank changes nothing in '{name}'{(layers.All.Count == 0 ? "" : $" with {Given(stage)}")}. ");

    private static string Given(LowRank stage) => stage switch
    {
        { Rank: { } rank } => string.Create(CultureInfo.InvariantCulture, $"rank {rank}; take a lower rank"),
        { Ratio: { } ratio } => string.Create(CultureInfo.InvariantCulture, $"ratio {ratio}; take a lower ratio"),
        { Amount: { } amount } => string.Create(CultureInfo.InvariantCulture, $"amount {amount}; take a greater amount"),
        _ => string.Create(CultureInfo.InvariantCulture, $"energy {stage.Energy ?? LowRank.DefaultEnergy}; take less energy"),
    };

    private static string Reason(LowRank stage, FactorLayer layer)
    {
        int full = Math.Max(layer.FullIn, layer.FullOut);
        return stage.Rank >= full
            ? string.Create(CultureInfo.InvariantCulture, $"its full rank is {full:N0}, and rank: {stage.Rank} is no lower")
            : "its factors would be no smaller";
    }

    private static string Of(FactorLayer layer, FactorRanks ranks)
    {
        double energy = layer.Energy(ranks);
        var dimensions = layer.FullIn == 0
            ? Dimension("rank", ranks.Out, layer.FullOut)
            : string.Join(", ", new[] { Dimension("inputs", ranks.In, layer.FullIn), Dimension("outputs", ranks.Out, layer.FullOut) }
                .Where(d => d.Length > 0));
        return string.Create(CultureInfo.InvariantCulture,
            $"{layer.Paths} ({dimensions}; {100 * energy:0.#} % of the energy, relative error {Math.Sqrt(Math.Max(0, 1 - energy)):0.###})");
    }

    private static string Dimension(string name, int rank, int full) =>
        rank == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{name} {full:N0} → {rank:N0}");
}

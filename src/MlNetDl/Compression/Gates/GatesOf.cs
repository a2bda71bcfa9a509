using MlNetDl.Analysis;
using MlNetDl.Layers;

namespace MlNetDl.Compression;

/// <summary>The gates of a network that are outputs while it trains, so that a term of the loss can be made of them.</summary>
internal static class GatesOf
{
    /// <summary>The gates of blocks that rows may skip, with the multiply–adds of the block.</summary>
    public static IReadOnlyList<(string Wire, long Macs)> Blocks(Plan plan) => [.. Added(plan, a => a.Blocks == 1)
        .Select(a => (a.Gate, plan.Steps.Where(s => s.InputShapes[0].Rows == $"{a.Gate}0Rows").Sum(s => s.Macs)))];

    /// <summary>The weights of experts.</summary>
    public static IReadOnlyList<string> Experts(Plan plan) => [.. Added(plan, a => a.Blocks > 1).Select(a => a.Gate)];

    /// <summary>The factors of channels.</summary>
    public static IReadOnlyList<string> Channels(Plan plan) => [.. plan.Steps.Select(s => s.Leaf).OfType<Product>().SelectMany(p => p.With)
        .Where(w => IsOutput(plan, w)).Distinct()];

    private static IEnumerable<AddRows> Added(Plan plan, Func<AddRows, bool> isOne) =>
        plan.Steps.Select(s => s.Leaf).OfType<AddRows>().Where(a => isOne(a) && IsOutput(plan, a.Gate));

    private static bool IsOutput(Plan plan, string wire) => plan.Outputs.Any(o => o.Name == wire && o.Role == TapRole.Training);
}

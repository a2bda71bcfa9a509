using System.Globalization;
using MlNetDl.Analysis;

namespace MlNetDl.Compression;

/// <summary>What is told of a network that became smaller, in one line.</summary>
internal static class PruningMessage
{
    /// <summary>What went, and what stayed although nobody asked for it.</summary>
    /// <param name="coupling">The network before.</param>
    /// <param name="cells">The cells that may lose channels.</param>
    /// <param name="heads">Those that only training needs.</param>
    /// <param name="gone">The groups that went.</param>
    /// <param name="narrow">The network after.</param>
    public static string Of(
        ChannelCoupling coupling, IReadOnlyList<ChannelCell> cells, IReadOnlyList<ChannelCell> heads, IReadOnlySet<int> gone, Network narrow)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{gone.Count:N0} of {cells.Sum(c => c.Groups.Count):N0} groups of channels removed; {Sizes(coupling.Plan, narrow.Plan())}");
        var uncut = coupling.Uncut.Select(u => $"{u.Path} ({u.Reason.TrimEnd('.')})").ToList();
        var differences = ChannelMask.Differences(coupling, gone);
        return text
            + (uncut.Count == 0 ? "" : $"; left out: {string.Join(", ", uncut)}")
            + (heads.Count == 0 ? "" : $"; whole, because heads are only for training: {string.Join(", ", heads.Select(c => c.Name))}")
            + (differences.Count == 0 ? "" : $"; not the same as zeros at {string.Join(", ", differences)}");
    }

    /// <summary>Weights and cost before and after, of what scores.</summary>
    public static string Sizes(Plan before, Plan after)
    {
        var (from, to) = (before.ForScoring(), after.ForScoring());
        return string.Create(CultureInfo.InvariantCulture,
            $"parameters {from.ParameterCount:N0} → {to.ParameterCount:N0}, multiply-adds {from.Macs:N0} → {to.Macs:N0}");
    }
}

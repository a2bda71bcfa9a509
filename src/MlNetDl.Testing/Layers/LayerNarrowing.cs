using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>What a leaf computes with fewer channels.</summary>
internal static class LayerNarrowing
{
    public static void Check(LayerSample sample)
    {
        var it = new LayerCase(sample);
        if (it.Subject is not ICouplesChannels leaf)
        {
            return; // another fact tells so
        }

        using var network = LayerCase.Start(it.Network);
        network.SetTraining(false);
        using var none = no_grad();
        foreach (var (_, tensor, _) in network.Tensors)
        {
            tensor.AddInPlace(rand_like(tensor).Mul(0.5)); // means, shifts and variances that count
        }

        var coupling = ChannelCoupling.Of(network.Plan, endsAreFixed: false);
        Expect.True(coupling.Uncut.Count == 0, coupling.Uncut.Count == 0 ? "" : coupling.Uncut[0].Reason);
        var gone = Gone(coupling);
        if (gone.Count > 0)
        {
            var weights = network.ReadWeights();
            var inputs = it.Inputs();
            var (narrow, cut) = ChannelCutter.Cut(coupling, weights, gone);
            using var narrowed = LayerCase.Start(narrow);
            narrowed.LoadWeights(cut);
            narrowed.SetTraining(false);
            network.LoadWeights(ChannelMask.Of(coupling, weights, gone));
            Compare(
                coupling,
                leaf,
                gone,
                LayerCase.Pass(network, [.. inputs.Select((x, i) => Zeroed(x, Places(coupling, i, gone)))]),
                LayerCase.Pass(narrowed, [.. inputs.Select((x, i) => Of(x, Places(coupling, i, gone).Stay))]));
        }
    }

    private static void Compare(
        ChannelCoupling coupling, ICouplesChannels leaf, HashSet<int> gone, IReadOnlyDictionary<string, Tensor> masked,
        IReadOnlyDictionary<string, Tensor> narrow)
    {
        foreach (var output in coupling.Plan.Outputs)
        {
            var (stay, go) = Places(coupling, output.Slot, gone);
            var (expected, real) = (Of(masked[output.Name], stay), narrow[output.Name]);
            Expect.Equal(Tensors.Dims(expected), Tensors.Dims(real), $"the dimensions of '{output.Name}' with fewer channels");
            if (!leaf.CutEqualsMask)
            {
                continue;
            }

            double off = Tensors.Difference(expected, real);
            Expect.True(off <= 1e-5, string.Create(CultureInfo.InvariantCulture,
                $"'{output.Name}' of the narrowed layer is off by {off:G3}. Let Narrow and the axes of {nameof(INarrowsChannels)} agree."));
            Expect.True(
                go.Count == 0 || Of(masked[output.Name], go).count_nonzero().item<long>() == 0,
                $"channels of '{output.Name}' are not 0 though all that makes them is; let OutputAxes name all of it, or let CutEqualsMask be "
                    + "false.");
        }
    }

    // Every third group of channels that can go, so that something of each value stays.
    private static HashSet<int> Gone(ChannelCoupling coupling)
    {
        int[][] values = [.. Enumerable.Range(0, coupling.Plan.Slots).Select(slot => coupling.GroupsOf(slot).ToArray())];
        var gone = new HashSet<int>();
        foreach (var (number, group) in values.SelectMany(v => v).Distinct().Where(g => !coupling.IsFixed(g)).Index().ToList())
        {
            if (number % 3 == 1 && values.All(v => !v.All(g => g == group || gone.Contains(g))))
            {
                gone.Add(group);
            }
        }

        return gone;
    }

    private static (List<long> Stay, List<long> Go) Places(ChannelCoupling coupling, int slot, HashSet<int> gone)
    {
        var all = coupling.GroupsOf(slot).Select((group, i) => (IsGone: gone.Contains(group), Place: (long)i)).ToLookup(g => g.IsGone, g => g.Place);
        return ([.. all[false]], [.. all[true]]);
    }

    private static Tensor Of(Tensor value, List<long> places) =>
        IsTokens(value) ? value : value.index_select(Dimension(value), tensor(places.ToArray()));

    private static Tensor Zeroed(Tensor value, (List<long> Stay, List<long> Go) places) => IsTokens(value) || places.Go.Count == 0
        ? value
        : value.IndexFill(Dimension(value), tensor(places.Go.ToArray()), 0);

    private static bool IsTokens(Tensor value) => value.dim() < 2 || (value.dim() == 2 && !value.is_floating_point());

    // Of sequences the last dimension.
    private static int Dimension(Tensor value) => value.dim() == 3 ? 2 : 1;
}

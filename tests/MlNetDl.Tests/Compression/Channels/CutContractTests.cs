using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Testing;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>A network without channels computes what it does where they are 0, in torch and in ONNX Runtime.</summary>
[Collection("torch")]
public sealed class CutContractTests
{
    // Where a channel that is gone is something else than one that is 0, and why.
    private static readonly Dictionary<string, string> Different = new()
    {
        ["leNet5Original"] = "its output layer has a distance to 0 too",
        ["googLeNet"] = "its local response normalisation gets other neighbours",
        ["alexNet"] = "its local response normalisation gets other neighbours",
        ["squashed"] = "its sigmoid makes a half of 0",
        ["normalised"] = "its layers make something of 0",
    };

    private static IEnumerable<string> Names => ChannelSamples.OwnEntries.Select(e => e.Name)
        .Concat(ChannelSamples.Trees.Keys);

    public static TheoryData<string, double> Cuts
    {
        get
        {
            var cuts = new TheoryData<string, double>();
            foreach (var name in Names)
            {
                cuts.Add(name, 0.3);
                cuts.Add(name, 0.7);
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Cut_masked_and_exported_it_computes_the_same(string name, double amount)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = ChannelSamples.Of(name);
        using var full = new TorchNetwork(network);
        var weights = ChannelSamples.Jittered(full);
        var coupling = ChannelCoupling.Of(network.Plan());
        Assert.Empty(coupling.Uncut);
        var gone = ChannelSamples.Gone(coupling, weights, amount);
        Assert.NotEmpty(gone);

        var (narrow, cut) = ChannelCutter.Cut(coupling, weights, gone);
        Assert.True(narrow.Plan().ParameterCount < network.Plan().ParameterCount);
        Assert.Equal(weights.Select(w => w.Name), cut.Select(w => w.Name));
        int rows = narrow.Plan().Macs > 100_000_000 ? 1 : 2;
        float apart = ChannelSamples.Apart(full, ChannelMask.Of(coupling, weights, gone), narrow, cut, rows);
        Assert.Equal(Different.ContainsKey(name), ChannelMask.Differences(coupling, gone).Count > 0);
        if (!Different.ContainsKey(name))
        {
            Assert.InRange(apart, 0, 1e-5);
        }
    }
}

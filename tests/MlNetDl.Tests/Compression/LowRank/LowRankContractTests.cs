using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Testing;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Factors at full rank compute what the layer did; at a lower rank they are as near as the theory says.</summary>
[Collection("torch")]
public sealed class LowRankContractTests
{
    // Matrices of more rows take minutes; the code is the same.
    private const int MostRows = 1024;

    private static IEnumerable<string> Names => ChannelSamples.OwnEntries.DistinctBy(e => e.Type).Select(e => e.Name)
        .Append("resNet50").Concat(ChannelSamples.Trees.Keys);

    public static TheoryData<string, ConvolutionFactors> Networks
    {
        get
        {
            var data = new TheoryData<string, ConvolutionFactors>();
            foreach (var name in Names)
            {
                data.Add(name, ConvolutionFactors.Tucker);
                data.Add(name, ConvolutionFactors.Filters);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void At_full_rank_the_network_computes_the_same(string name, ConvolutionFactors convolutions)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = ChannelSamples.Of(name);
        using var whole = new TorchNetwork(network);
        var weights = ChannelSamples.Jittered(whole);
        var layers = FactorLayers.Of(network.Plan(), weights, [], convolutions);
        var ranks = layers.All.Where(l => l.FullOut <= MostRows).ToDictionary(l => l.Name, l => new FactorRanks(l.FullIn, l.FullOut));
        Assert.NotEmpty(ranks);
        var (factorised, factors) = (FactorLayers.Rewrite(network, ranks), layers.Rewrite(weights, ranks));
        Assert.InRange(ChannelSamples.Apart(whole, weights, factorised, factors), 0, 1e-5);
    }

    /// <summary>Eckart and Young 1936: the squared error of the nearest matrix of rank r is the sum of the squared singular values that
    /// are dropped.</summary>
    [Theory]
    [InlineData("wide", 3)]
    [InlineData("tall", 5)]
    [InlineData("pointwise", 4)]
    [InlineData("filters", 6)]
    public void The_error_of_two_factors_is_what_was_dropped(string form, int rank)
    {
        using var session = TorchSession.Enter(seed: 2);
        using var scope = NewDisposeScope();
        Leaf leaf = form switch
        {
            "wide" => new Linear(9) { Name = "l" },
            "tall" => new Linear(40) { Name = "l" },
            "pointwise" => new Conv2d(9, 1) { Name = "l" },
            _ => new Conv2d(12, 3) { Name = "l" },
        };
        var network = new Network(new Sequential(leaf), leaf is Linear ? Shape.Vector(20) : Shape.Image(7, 5, 5));
        using var torch = new TorchNetwork(network);
        var weights = torch.ReadWeights();
        var layer = FactorLayers.Of(network.Plan(), weights, [], ConvolutionFactors.Filters).All.Single();
        var factors = layer.Factors(new(0, rank)).ToDictionary(w => w.Name);
        var dims = weights["l.weight"].Dims;
        var matrix = tensor(weights["l.weight"].Data).to(ScalarType.Float64).reshape(dims[0], -1);
        var first = factors[leaf is Linear ? "l/reduce.weight" : "l/core.weight"];
        var product = tensor(factors["l/expand.weight"].Data).reshape(dims[0], rank).matmul(tensor(first.Data).reshape(rank, -1));
        double[] singular = linalg.svdvals(matrix).data<double>().ToArray();
        double error = (matrix - product).norm().item<double>();
        Assert.Equal(Math.Sqrt(singular.Skip(rank).Sum(s => s * s)), error, 1e-5);
        Assert.Equal(1 - (Math.Pow(error / matrix.norm().item<double>(), 2)), layer.Energy(new(0, rank)), 1e-5);
        // The factors have the same size.
        Assert.Equal(factors["l/expand.weight"].Data.Sum(v => (double)v * v), first.Data.Sum(v => (double)v * v), 1e-3);
    }

    /// <summary>De Lathauwer et al. 2000, property 10: the squared error is at most the sum of what both dimensions drop, and at least
    /// the greater of them.</summary>
    [Theory]
    [InlineData(3, 5)]
    [InlineData(0, 5)]
    [InlineData(3, 0)]
    public void The_error_of_three_factors_is_between_what_one_dimension_and_both_drop(int inputs, int outputs)
    {
        using var session = TorchSession.Enter(seed: 3);
        using var scope = NewDisposeScope();
        var network = new Network(new Sequential(new Conv2d(10, 3, 2, 1) { Name = "c" }), Shape.Image(6, 9, 9));
        using var torch = new TorchNetwork(network);
        var layer = FactorLayers.Of(network.Plan(), torch.ReadWeights(), [], ConvolutionFactors.Tucker).All.Single();
        double dropsIn = inputs == 0 ? 0 : layer.Spectra.In!.Dropped(inputs), dropsOut = outputs == 0 ? 0 : layer.Spectra.Out.Dropped(outputs);
        double error = (1 - layer.Energy(new(inputs, outputs))) * layer.Spectra.Out.Energy;
        Assert.InRange(error, Math.Max(dropsIn, dropsOut) - 1e-9, dropsIn + dropsOut + 1e-9);
    }

    [Fact]
    public void The_least_rank_keeps_the_share_and_one_less_does_not()
    {
        var spectrum = new Spectrum([8, 4, 2, 1, 1], new double[25]);
        Assert.Equal([1, 1, 2, 3, 5, 5], new[] { 0, 0.5, 0.75, 0.8, 0.95, 1 }.Select(spectrum.RankFor));
        Assert.Equal(2, new Spectrum([8, 4, 0, 0], new double[16]).RankFor(1));
    }
}

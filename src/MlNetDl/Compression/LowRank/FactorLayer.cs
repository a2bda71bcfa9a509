using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>A weight that can be factorised, with the layers that use it, and what becomes of them.</summary>
internal sealed class FactorLayer
{
    private const string Reduce = "reduce", Core = "core", Expand = "expand";
    private readonly IReadOnlyList<PlanStep> users;
    private readonly Weights weights;
    private readonly bool isTucker;
    private readonly Lazy<(Spectrum? In, Spectrum Out)> spectra;

    /// <summary>The layer that the steps of one weight are.</summary>
    public FactorLayer(IReadOnlyList<PlanStep> users, Weights weights, ConvolutionFactors convolutions)
    {
        (this.users, this.weights) = (users, weights);
        isTucker = users[0].Leaf is Conv2d { Kernel: > 1 } && convolutions == ConvolutionFactors.Tucker;
        var dims = users[0].Parameters[0].Dims;
        Outputs = (int)dims[0];
        Inputs = (int)dims[1];
        int others = (int)dims.Skip(2).Aggregate(1L, (product, d) => product * d);
        FullOut = isTucker ? Outputs : Math.Min(Outputs, Inputs * others);
        spectra = new(Decompose);
    }

    /// <summary>What the weights are named after.</summary>
    public string Name => users[0].WeightsName;

    /// <summary>The layers, by their paths.</summary>
    public string Paths => string.Join(" and ", users.Select(u => u.Path));

    /// <summary>The greatest rank of the input channels; 0 where they have no factor of their own.</summary>
    public int FullIn => isTucker ? Inputs : 0;

    /// <summary>The greatest rank of the output channels, or of two factors.</summary>
    public int FullOut { get; }

    /// <summary>Singular values and vectors of the dimensions that are factorised. They are computed when first asked
    /// for.</summary>
    public (Spectrum? In, Spectrum Out) Spectra => spectra.Value;

    private int Outputs { get; }

    private int Inputs { get; }

    /// <summary>The cheapest form that keeps such ranks: a dimension may stay whole.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="byParameters">Whether weights are what costs, and not multiply–adds.</param>
    /// <returns>The ranks, or <see langword="null"/> where no form costs less than the layer itself.</returns>
    public FactorRanks? Cheapest(FactorRanks ranks, bool byParameters)
    {
        var known = new FactorRanks(ranks.In >= FullIn ? 0 : ranks.In, ranks.Out >= FullOut ? 0 : ranks.Out);
        var best = new[] { known, known with { In = 0 }, known with { Out = 0 } }.Distinct()
            .Where(r => r.In > 0 || r.Out > 0)
            .MinBy(r => Cost(r, byParameters));
        return best is not null && Cost(best, byParameters) < Cost(null, byParameters) ? best : null;
    }

    /// <summary>The layers that take the place of one.</summary>
    public static ValueList<Layer> Leaves(Leaf leaf, FactorRanks ranks) => leaf switch
    {
        Linear linear =>
        [
            linear with { Out = ranks.Out, Bias = false, BiasInit = null, WeightInit = ChannelCut.Of(linear.WeightInit), Name = Reduce },
            linear with { WeightInit = ChannelCut.Of(linear.WeightInit), Name = Expand },
        ],
        Conv2d convolution => OfConvolution(convolution with { WeightInit = ChannelCut.Of(convolution.WeightInit) }, ranks),
        _ => throw new InvalidOperationException($"{leaf.GetType().Name} is not factorised."),
    };

    /// <summary>The weights of these layers.</summary>
    public IReadOnlyList<WeightArray> Factors(FactorRanks ranks)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var whole = Matrix();
        string Below(string name) => Name.Length > 0 ? $"{Name}/{name}" : name;
        var factors = (isTucker ? Tucker(whole, ranks) : Two(whole, ranks.Out)).Select(f => new WeightArray(
            $"{Below(f.Name)}.weight",
            f.Factor.shape.ToValueList(),
            f.Factor.to(ScalarType.Float32).contiguous().data<float>().ToArray())).ToList();
        var last = ranks.Out > 0 ? Expand : Core;
        return weights.Contains($"{Name}.bias")
            ? [.. factors, weights[$"{Name}.bias"] with { Name = $"{Below(last)}.bias" }]
            : factors;
    }

    /// <summary>The share of the sum of all squares that such factors keep.</summary>
    public double Energy(FactorRanks ranks)
    {
        var (inputs, outputs) = Spectra;
        if (!isTucker || ranks.In == 0 || ranks.Out == 0)
        {
            var (of, rank) = ranks.Out > 0 ? (outputs, ranks.Out) : (inputs!, ranks.In);
            return 1 - (of.Dropped(rank) / of.Energy);
        }

        using var scope = NewDisposeScope();
        using var none = no_grad();
        return Tucker(Matrix(), ranks).Single(t => t.Name == Core).Factor.Pow(2).sum().item<double>() / outputs.Energy;
    }

    private double Cost(FactorRanks? ranks, bool byParameters)
    {
        double cost = 0;
        foreach (var user in byParameters ? users.Take(1) : users)
        {
            var shape = user.InputShapes[0];
            foreach (var leaf in ranks is null ? [user.Leaf] : Leaves(user.Leaf, ranks).Cast<Leaf>())
            {
                cost += byParameters ? leaf.Parameters([shape]).Sum(p => p.Count) : leaf.Macs([shape]);
                shape = leaf.OutputShape([shape]);
            }
        }

        return cost;
    }

    private static ValueList<Layer> OfConvolution(Conv2d convolution, FactorRanks ranks)
    {
        var plain = new Conv2d(1, 1) { Bias = false, WeightInit = convolution.WeightInit };
        var core = convolution with { Bias = false, BiasInit = null, Name = Core };
        // 1×1 without a bias makes zeros of the padding's zeros, so it may stand before the padding.
        ValueList<Layer> before = ranks.In > 0 ? [plain with { Out = ranks.In, Name = Reduce }] : [];
        return ranks.Out == 0
            ? [.. before, convolution with { Name = Core }]
            :
            [
                .. before,
                core with { Out = ranks.Out },
                plain with { Out = convolution.Out, Bias = convolution.Bias, BiasInit = convolution.BiasInit, Name = Expand },
            ];
    }

    // Outputs by all else.
    private Tensor Matrix()
    {
        var weight = weights[$"{Name}.weight"];
        return tensor(weight.Data).to(ScalarType.Float64).reshape(Outputs, -1);
    }

    private (Spectrum? In, Spectrum Out) Decompose()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var whole = Matrix();
        return isTucker
            ? (Spectrum.Of(whole.reshape(Outputs, Inputs, -1).transpose(0, 1).reshape(Inputs, -1)), Spectrum.Of(whole))
            : (null, Spectrum.Of(whole.shape[0] <= whole.shape[1] ? whole : whole.transpose(0, 1)));
    }

    // U·√S and √S·Vᵀ: factors of one size train best. A singular value of nothing scales nothing.
    private List<(string Name, Tensor Factor)> Two(Tensor whole, int rank)
    {
        var spectrum = Spectra.Out;
        double least = 1e-6 * Math.Sqrt(spectrum.Squares[0]);
        var scale = tensor(Array.ConvertAll(spectrum.Squares[..rank], s => Math.Sqrt(s) > least ? Math.Pow(s, 0.25) : 1));
        var vectors = spectrum.First(rank);
        var (left, right) = whole.shape[0] <= whole.shape[1]
            ? (vectors * scale, vectors.transpose(0, 1).matmul(whole) / scale.reshape(-1, 1))
            : (whole.matmul(vectors) / scale, (vectors * scale).transpose(0, 1));
        if (users[0].Leaf is Linear)
        {
            return [(Reduce, right), (Expand, left)];
        }

        long kernel = ((Conv2d)users[0].Leaf).Kernel;
        return [(Core, right.reshape(rank, Inputs, kernel, kernel)), (Expand, left.reshape(Outputs, rank, 1, 1))];
    }

    private List<(string Name, Tensor Factor)> Tucker(Tensor whole, FactorRanks ranks)
    {
        long kernel = ((Conv2d)users[0].Leaf).Kernel;
        var core = whole;
        var factors = new List<(string Name, Tensor Factor)>();
        int outputs = Outputs, inputs = Inputs;
        if (ranks.Out > 0)
        {
            var vectors = Spectra.Out.First(outputs = ranks.Out);
            core = vectors.transpose(0, 1).matmul(core);
            factors.Add((Expand, vectors.reshape(Outputs, outputs, 1, 1)));
        }

        core = core.reshape(outputs, Inputs, -1);
        if (ranks.In > 0)
        {
            var vectors = Spectra.In!.First(inputs = ranks.In).transpose(0, 1);
            core = vectors.matmul(core);
            factors.Add((Reduce, vectors.reshape(inputs, Inputs, 1, 1)));
        }

        factors.Add((Core, core.reshape(outputs, inputs, kernel, kernel)));
        return factors;
    }
}

using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The weights of a network that can be masked: kernels, matrices and tables. Biases, scales of normalisations and
/// statistics are few, and are left as they are; so are auxiliary heads, which are not part of what scores.</summary>
internal sealed record MaskableWeights(ValueList<MaskableWeight> All)
{
    /// <summary>The weights of a network.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="keep">The paths of layers that are left out, with what is below them.</param>
    /// <param name="alongInputs">Whether only those count whose second dimension are inputs, along which patterns
    /// run.</param>
    public static MaskableWeights Of(Plan plan, IReadOnlyList<string> keep, bool alongInputs = false) => new([.. plan.ForScoring().Steps
        .SelectMany(s => s.Parameters.Where(p => IsMaskable(p) && (!alongInputs || RunsAlongInputs(s, p)))
            .Select(p => (s.Path, Name: $"{s.WeightsName}.{p.Name}", p.Count)))
        .GroupBy(w => w.Name)
        // A weight that several layers share is kept where one of them is.
        .Where(w => !w.Any(use => keep.Any(k => LayerPaths.IsBelow(use.Path, k))))
        .Select(w => new MaskableWeight(w.Key, [.. w.Select(use => use.Path)], w.First().Count))]);

    /// <summary>The weights that each layer owns, in the order of execution: the first and the last are those that a pruning
    /// by layers spares.</summary>
    public static IReadOnlyList<string> Paths(Plan plan) =>
        [.. plan.ForScoring().Steps.Where(s => s.Parameters.Any(IsMaskable)).Select(s => s.Path).Distinct()];

    private static bool RunsAlongInputs(PlanStep step, Parameter parameter) => step.Leaf is INarrowsChannels leaf
        && leaf.InputAxes(step.InputShapes).Any(a => a.Parameter == parameter.Name && a.Dimension == 1);

    private static bool IsMaskable(Parameter parameter) => parameter is { Trainable: true, Decays: true };

    /// <summary>The paths of all layers that have one of them.</summary>
    public IEnumerable<string> Layers => All.SelectMany(w => w.Layers);

    /// <summary>The tensors of these weights in a network.</summary>
    public IReadOnlyList<(MaskableWeight Weight, Tensor Tensor)> In(TorchNetwork network)
    {
        var tensors = network.Tensors.ToDictionary(t => t.Name, t => t.Tensor);
        return [.. All.Select(w => (w, tensors[w.Name]))];
    }
}

/// <summary>A weight that can be masked.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Layers">The layers that have it; several where it is shared.</param>
/// <param name="Count">Its elements.</param>
internal sealed record MaskableWeight(string Name, ValueList<string> Layers, long Count);

using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The weights of a network that can be masked: kernels, matrices and tables. Biases, scales of normalisations and
/// statistics are few, and are left as they are.</summary>
internal sealed record MaskableWeights(ValueList<MaskableWeight> All)
{
    /// <summary>The weights of a network.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="keep">The paths of layers that are left out, with what is below them.</param>
    public static MaskableWeights Of(Plan plan, IReadOnlyList<string> keep) => new([.. plan.Steps
        .SelectMany(s => s.Parameters.Where(IsMaskable).Select(p => new MaskableWeight($"{s.WeightsName}.{p.Name}", s.Path, p.Count)))
        .DistinctBy(w => w.Name)
        .Where(w => !keep.Any(k => LayerPaths.IsBelow(w.Path, k)))]);

    /// <summary>The weights that each layer owns, in the order of execution: the first and the last are those that a pruning
    /// by layers spares.</summary>
    public static IReadOnlyList<string> Paths(Plan plan) =>
        [.. plan.Steps.Where(s => s.Parameters.Any(IsMaskable)).Select(s => s.Path).Distinct()];

    private static bool IsMaskable(Parameter parameter) => parameter is { Trainable: true, Decays: true };

    /// <summary>The tensors of these weights in a network.</summary>
    public IReadOnlyList<(MaskableWeight Weight, Tensor Tensor)> In(TorchNetwork network)
    {
        var tensors = network.Tensors.ToDictionary(t => t.Name, t => t.Tensor);
        return [.. All.Select(w => (w, tensors[w.Name]))];
    }
}

/// <summary>A weight that can be masked.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Path">The layer.</param>
/// <param name="Count">Its elements.</param>
internal sealed record MaskableWeight(string Name, string Path, long Count);

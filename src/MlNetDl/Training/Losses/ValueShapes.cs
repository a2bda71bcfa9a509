using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>The shape rule of losses between values.</summary>
internal static class ValueShapes
{
    public static string? Misfit(Tensor outputs, Tensor targets) => outputs.dim() != 2
            || targets.dtype != ScalarType.Float32
            || !outputs.shape.AsSpan().SequenceEqual(targets.shape)
        ? $"expects outputs and targets float32 [N, K] of one shape but got [{string.Join(", ", outputs.shape)}] and "
            + $"{targets.dtype}[{string.Join(", ", targets.shape)}]."
        : null;
}

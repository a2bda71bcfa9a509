using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>Refuses tensors that a network does not take, before torch sees them.</summary>
internal static class InputChecks
{
    /// <exception cref="ShapeException">One does not fit; the message names it.</exception>
    public static void Check(IReadOnlyList<NetworkInput> expected, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != expected.Count)
        {
            throw new ShapeException($"the network has {expected.Count} inputs "
                + $"({string.Join(", ", expected.Select(i => i.Name))}) but got {inputs.Count} tensors.")
                .At("");
        }

        var symbols = new Dictionary<string, long>();
        for (int i = 0; i < expected.Count; i++)
        {
            var (tensor, shape) = (inputs[i], expected[i].Shape);
            if (!shape.Takes(tensor))
            {
                throw new ShapeException($"expects {shape} but got {tensor.dtype}[{string.Join(", ", tensor.shape)}].")
                    .At(expected[i].Name);
            }

            foreach (var (dim, size) in shape.Dims.Zip(tensor.shape))
            {
                if (dim.Symbol is { } symbol && !symbols.TryAdd(symbol, size) && symbols[symbol] != size)
                {
                    throw new ShapeException(
                        $"dimension {symbol} is {size} here and {symbols[symbol]} in an input before.")
                        .At(expected[i].Name);
                }
            }
        }
    }

    /// <summary>Whether a tensor has the type and the known sizes of a shape.</summary>
    public static bool Takes(this Shape shape, Tensor tensor) => tensor.dtype == TypeOf(shape.Type) && shape.Fits(tensor.shape);

    private static ScalarType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Int64 => ScalarType.Int64,
        ElementType.Bool => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}

using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>Converts stored values to the type that a network takes.</summary>
internal static class ElementTypes
{
    /// <summary>The tensor converted to <paramref name="type"/>; the tensor itself where it has that type.</summary>
    public static Tensor In(this Tensor values, ElementType type)
    {
        var wanted = type switch
        {
            ElementType.Float32 => ScalarType.Float32,
            ElementType.Int64 => ScalarType.Int64,
            ElementType.Bool => ScalarType.Bool,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };
        return values.dtype == wanted ? values : values.to(wanted);
    }
}

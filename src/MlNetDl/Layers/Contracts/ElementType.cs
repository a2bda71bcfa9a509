namespace MlNetDl.Layers.Contracts;

/// <summary>The type of a tensor's elements.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 single precision: features, weights, scores.</summary>
    Float32,

    /// <summary>64-bit signed integers: token ids, class indices, lengths.</summary>
    Int64,

    /// <summary>Truth values: masks.</summary>
    Bool,
}

namespace MlNetDl.Layers.Contracts;

/// <summary>What a tensor's elements are.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 single precision: features, weights, scores.</summary>
    Float32,

    /// <summary>64-bit signed integers: token ids, class indices, lengths.</summary>
    Int64,

    /// <summary>Truth values: masks.</summary>
    Bool,
}

namespace MlNetDl.Layers.Contracts;

/// <summary>One weight tensor that a leaf owns.</summary>
/// <param name="Name">Its name within the leaf: <c>weight</c>, <c>bias</c>, <c>runningMean</c>, …</param>
/// <param name="Dims">Its dimensions, all known.</param>
/// <param name="Init">How it is filled before training.</param>
public sealed record Parameter(string Name, ValueList<long> Dims, Initializer Init)
{
    /// <summary>Whether training changes it by gradient. Running statistics and fixed codes are not trainable, and not counted as parameters.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>Whether weight decay shrinks it. By its dimensions unless the leaf says otherwise: kernels and matrices do, biases and
    /// scales, which have one dimension, do not.</summary>
    public bool Decays { get => decays ?? Dims.Count > 1; init => decays = value; }

    private readonly bool? decays;

    /// <summary>Number of elements.</summary>
    public long Count => Dims.Aggregate(1L, (product, d) => checked(product * d));
}

namespace MlNetDl.Layers.Contracts;

/// <summary>One weight tensor that a leaf owns.</summary>
/// <param name="Name">Its name within the leaf: <c>weight</c>, <c>bias</c>, <c>runningMean</c>, …</param>
/// <param name="Dims">Its dimensions, all known.</param>
/// <param name="Init">How it is filled before training.</param>
public sealed record Parameter(string Name, ValueList<long> Dims, Initializer Init)
{
    /// <summary>Whether training changes it by gradient. Running statistics and fixed codes are not trainable, and not
    /// counted as parameters.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>Whether weight decay shrinks it. By its dimensions unless the leaf says otherwise: kernels and matrices
    /// do, biases and scales, which have one dimension, do not.</summary>
    public bool Decays { get => decays ?? Dims.Count > 1; init => decays = value; }

    private readonly bool? decays;

    /// <summary>How many inputs each output is a sum over. By its dimensions unless the leaf says otherwise, as in
    /// PyTorch: in · kernel of [out, in, kernel…]; <see langword="null"/> for one dimension, where it does not follow.
    /// A mean where outputs differ.</summary>
    public double? FanIn { get => fanIn ?? FanOf(1); init => fanIn = value; }

    private readonly double? fanIn;

    /// <summary>Over how many outputs each input is spread. By its dimensions unless the leaf says otherwise: out ·
    /// kernel of [out, in, kernel…]; <see langword="null"/> for one dimension.</summary>
    public double? FanOut { get => fanOut ?? FanOf(0); init => fanOut = value; }

    private readonly double? fanOut;

    /// <summary>Number of elements.</summary>
    public long Count => Dims.Aggregate(1L, (product, d) => checked(product * d));

    /// <summary>A fan, for initializers that go by it.</summary>
    /// <exception cref="InvalidOperationException">The parameter has none.</exception>
    public double Fan(FanMode mode) => (mode == FanMode.In ? FanIn : FanOut)
        ?? throw new InvalidOperationException($"{Init.GetType().Name} fills '{Name}' {Dims} by its "
            + $"fan-{(mode == FanMode.In ? "in" : "out")}, which does not follow from one dimension; take another "
            + "initializer, or let the leaf say FanIn and FanOut of its Parameter.");

    /// <summary>A bias beside this weight: it has the weight's fans.</summary>
    /// <param name="count">Its length.</param>
    /// <param name="init">How it is filled.</param>
    public Parameter Bias(long count, Initializer init) => new("bias", [count], init) { FanIn = FanIn, FanOut = FanOut };

    private double? FanOf(int dimension) =>
        Dims.Count < 2 ? null : Dims.Skip(2).Aggregate((double)Dims[dimension], (product, d) => product * d);
}

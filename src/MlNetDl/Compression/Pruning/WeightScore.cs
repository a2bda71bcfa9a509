using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>How much a network needs a single weight: those with the least score are masked first.</summary>
public abstract record WeightScore
{
    /// <summary>Whether the score is gathered while the network trains. If so, only a schedule that masks during a training
    /// can use it.</summary>
    public virtual bool IsGathered => false;

    /// <summary>The scores of a tensor's weights, of the same shape.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="gathered">What <see cref="Gather"/> summed up; <see langword="null"/> where nothing is gathered.</param>
    /// <param name="random">A seeded generator, for scores by chance.</param>
    public abstract Tensor Of(Tensor weight, Tensor? gathered, Generator random);

    /// <summary>The amount that a step adds to what is gathered; only called where <see cref="IsGathered"/>.</summary>
    /// <param name="weight">The weights before the step.</param>
    /// <param name="gradient">Their gradient.</param>
    public virtual Tensor Gather(Tensor weight, Tensor gradient) =>
        throw new NotSupportedException($"{GetType().Name} gathers nothing.");
}

/// <summary>|w|: small weights change the output least (Han et al. 2015, arXiv:1506.02626).</summary>
public sealed record Magnitude : WeightScore
{
    /// <inheritdoc/>
    public override Tensor Of(Tensor weight, Tensor? gathered, Generator random) => weight.abs();
}

/// <summary>−Σ w·∂L/∂w over the steps so far: weights that training moves away from zero stay, however small they are (Sanh
/// et al. 2020, arXiv:2005.07683, eq. 4).</summary>
/// <remarks>Masked weights gather no more, so they do not come back.</remarks>
public sealed record Movement : WeightScore
{
    /// <inheritdoc/>
    public override bool IsGathered => true;

    /// <inheritdoc/>
    public override Tensor Of(Tensor weight, Tensor? gathered, Generator random) => gathered!;

    /// <inheritdoc/>
    public override Tensor Gather(Tensor weight, Tensor gradient) => -(weight * gradient);
}

/// <summary>By chance: the control of every other score.</summary>
public sealed record RandomWeights : WeightScore
{
    /// <inheritdoc/>
    public override Tensor Of(Tensor weight, Tensor? gathered, Generator random) =>
        rand(weight.shape, generator: random).to(weight.device);
}

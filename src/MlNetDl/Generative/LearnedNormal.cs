using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>A normal distribution of each class, p(z | c) = N(μ(c), σ²(c)), which is learned: the prior of Sohn, Lee and Yan 2015. Only with a
/// <see cref="Condition"/>.</summary>
/// <remarks>Codes of a class may lie where they like, so they say more of the class than under a fixed prior.</remarks>
public sealed record LearnedNormal : Prior
{
    /// <summary>Not of its own: what it is depends on the class.</summary>
    /// <exception cref="NotSupportedException">Always; see <see cref="Divergence(Tensor, Tensor, Tensor)"/>.</exception>
    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor? logVariance) => throw WithoutClass();

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor? logVariance, Tensor? prior)
    {
        var (center, log) = Halves(prior);
        // ½·Σ(log σp² − log σ² + (σ² + (μ − μp)²)/σp² − 1).
        return (log - logVariance!).Add(logVariance!.exp().Add((mean - center).Pow(2)) * log.neg().exp()).Sub(1).sum([1]).Mul(0.5);
    }

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor codes) => throw WithoutClass();

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor codes, Tensor? prior)
    {
        var (center, log) = Halves(prior);
        return (codes - center).Pow(2).mul(log.neg().exp()).Add(log).Add(Math.Log(2 * Math.PI)).sum([1]).Mul(-0.5);
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<float> code) => throw WithoutClass();

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<float> code, ReadOnlySpan<float> prior)
    {
        double sum = 0;
        for (int i = 0; i < code.Length; i++)
        {
            double distance = code[i] - prior[i], log = prior[code.Length + i];
            sum += (distance * distance * Math.Exp(-log)) + log + Math.Log(2 * Math.PI);
        }

        return -sum / 2;
    }

    /// <summary>Standard normal numbers, which <see cref="Place"/> moves to the class.</summary>
    /// <inheritdoc/>
    public override float[] Sample(int count, int size, Random random) => Gauss.Draw(count * size, random);

    /// <inheritdoc/>
    public override void Place(Span<float> code, ReadOnlySpan<float> prior)
    {
        for (int i = 0; i < code.Length; i++)
        {
            code[i] = prior[i] + (MathF.Exp(prior[code.Length + i] / 2) * code[i]);
        }
    }

    private static (Tensor Mean, Tensor LogVariance) Halves(Tensor? prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        long size = prior.shape[1] / 2;
        return (prior.narrow(1, 0, size), prior.narrow(1, size, size));
    }

    private static NotSupportedException WithoutClass() => new("A learned prior is another one for each class; give the numbers of the class.");
}

using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>How values are distributed around what a decoder says: p(x | z).</summary>
public abstract record Likelihood
{
    /// <summary>Whether values must lie from 0 to 1, so that features are divided by the peak and not standardised.</summary>
    public abstract bool IsOfShares { get; }

    /// <summary>The layers that make the expected value of the decoder's outputs; none by default.</summary>
    public virtual IReadOnlyList<Layer> Expectation => [];

    /// <summary>What is seen of values from 0 to 1: such as pixels that are drawn black or white. As they are by default.</summary>
    /// <param name="values">The values, [N, …].</param>
    /// <exception cref="ArgumentException">The values are not of its range.</exception>
    public virtual Tensor Observe(Tensor values) => values;

    /// <summary>What is seen, without torch: changes values from 0 to 1 in place.</summary>
    /// <param name="values">The values, row-major.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="seed">The seed of what is drawn anew each time.</param>
    public virtual void Observe(Span<float> values, int width, int seed)
    {
    }

    /// <summary>log p(x | z) of one row, in nats, without torch.</summary>
    /// <param name="outputs">Outputs of the decoder.</param>
    /// <param name="observed">The values.</param>
    /// <param name="errorVariance">The mean squared error of reconstructions, for a variance that is not given.</param>
    public abstract double Log(ReadOnlySpan<float> outputs, ReadOnlySpan<float> observed, double errorVariance);

    /// <summary>−log p(x | z) of each row, in nats: summed over its values, [N].</summary>
    /// <param name="outputs">Outputs of the decoder, [N, D].</param>
    /// <param name="observed">The values, [N, D].</param>
    public abstract Tensor NegativeLog(Tensor outputs, Tensor observed);
}

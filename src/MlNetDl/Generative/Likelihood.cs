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

    /// <summary>The same as ONNX nodes, for scores of anomalies, [N, 1]. By default there are none.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="outputs">Outputs of the decoder, [N, D].</param>
    /// <param name="observed">The values, [N, D].</param>
    /// <exception cref="NotSupportedException">The likelihood has no such form.</exception>
    public virtual OnnxValue WriteNegativeLog(OnnxGraph graph, OnnxValue outputs, OnnxValue observed) => throw new NotSupportedException(
        $"{GetType().Name} has no form in ONNX by which rows could be scored; override WriteNegativeLog, or take likelihood: bernoulli or gaussian.");

    /// <summary>The same likelihood with a variance that it would take from each batch; itself by default.</summary>
    /// <param name="errorVariance">The mean squared error of reconstructions, above 0.</param>
    public virtual Likelihood WithErrorVariance(double errorVariance) => this;

    /// <summary>Whether <see cref="WithErrorVariance"/> gives another one. No by default.</summary>
    public virtual bool NeedsErrorVariance => false;
}

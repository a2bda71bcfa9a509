using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>How codes are distributed before anything is seen: what a variational autoencoder draws its codes towards, and what new ones are
/// drawn from.</summary>
public abstract record Prior
{
    /// <summary>Whether the posterior q(z | x) has a variance that is learned; if not, it is 1, and the encoder has no head for it.</summary>
    public virtual bool LearnsVariance => true;

    /// <summary>KL(q(z | x) ‖ p(z)) of each row, in nats: summed over the code, [N].</summary>
    /// <param name="mean">Means of the posterior, [N, D].</param>
    /// <param name="logVariance">Logarithms of its variances, [N, D]; <see langword="null"/> where they are 1.</param>
    public abstract Tensor Divergence(Tensor mean, Tensor? logVariance);

    /// <summary>log p(z) of each row, in nats, [N].</summary>
    /// <param name="codes">Codes, [N, D].</param>
    public abstract Tensor LogDensity(Tensor codes);

    /// <summary>log p(z), in nats.</summary>
    /// <param name="code">A code.</param>
    public abstract double LogDensity(ReadOnlySpan<float> code);

    /// <summary>Draws codes, row-major; without torch.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="size">Values of a code.</param>
    /// <param name="random">Where numbers come from; the same seed gives the same codes everywhere.</param>
    public abstract float[] Sample(int count, int size, Random random);

    /// <summary>The same where the prior depends on the class of a row; by default it does not.</summary>
    /// <param name="mean">Means of the posterior, [N, D].</param>
    /// <param name="logVariance">Logarithms of its variances, [N, D]; <see langword="null"/> where they are 1.</param>
    /// <param name="prior">Means and log variances of the prior, [N, 2·D]; <see langword="null"/> where it is one for all.</param>
    public virtual Tensor Divergence(Tensor mean, Tensor? logVariance, Tensor? prior) => Divergence(mean, logVariance);

    /// <summary>The divergence as ONNX nodes, for scores of anomalies, [N, 1]. By default there are none.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="mean">Means of the posterior, [N, D].</param>
    /// <param name="logVariance">Logarithms of its variances, [N, D]; <see langword="null"/> where they are 1.</param>
    /// <exception cref="NotSupportedException">The prior has no such form.</exception>
    public virtual OnnxValue WriteDivergence(OnnxGraph graph, OnnxValue mean, OnnxValue? logVariance) => throw new NotSupportedException(
        $"{GetType().Name} has no form in ONNX by which rows could be scored; override WriteDivergence, or take prior: standardNormal.");

    /// <summary>log p(z | c) of each row, [N]; by default log p(z).</summary>
    /// <param name="codes">Codes, [N, D].</param>
    /// <param name="prior">Means and log variances of the prior, [N, 2·D]; <see langword="null"/> where it is one for all.</param>
    public virtual Tensor LogDensity(Tensor codes, Tensor? prior) => LogDensity(codes);

    /// <summary>log p(z | c); by default log p(z).</summary>
    /// <param name="code">A code.</param>
    /// <param name="prior">Means and log variances of the prior; empty where it is one for all.</param>
    public virtual double LogDensity(ReadOnlySpan<float> code, ReadOnlySpan<float> prior) => LogDensity(code);

    /// <summary>Moves a code that was drawn to where the prior of its class lies; by default it stays.</summary>
    /// <param name="code">The code; changed in place.</param>
    /// <param name="prior">Means and log variances of the prior; empty where it is one for all.</param>
    public virtual void Place(Span<float> code, ReadOnlySpan<float> prior)
    {
    }
}

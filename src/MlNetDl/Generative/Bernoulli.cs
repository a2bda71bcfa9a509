using System.IO.Hashing;
using System.Runtime.InteropServices;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MlNetDl.Generative;

/// <summary>How grey pixels become black or white ones.</summary>
public enum Binarization
{
    /// <summary>They stay grey. The figure is then no likelihood: it is the cross-entropy, which is not 0 even for a perfect reconstruction.</summary>
    None,

    /// <summary>Each is drawn once, white with the probability of its grey value: an image is always the same (Salakhutdinov and Murray
    /// 2008). The usual test of likelihoods.</summary>
    Static,

    /// <summary>Each is drawn anew whenever the image is seen, which regularises (Burda et al. 2015, arXiv:1509.00519). Figures are not
    /// comparable with those of static ones.</summary>
    Dynamic,
}

/// <summary>Black or white values, white with probability sigmoid(output).</summary>
public sealed record Bernoulli : Likelihood
{
    /// <summary>The greatest value, as a share of the peak, that is still taken for white: rounding may leave one a little above 1.</summary>
    public const float Greatest = 1.0001f;

    /// <summary>How grey pixels become black or white; they stay grey by default.</summary>
    public Binarization Binarize { get; init; }

    /// <summary>The seed of <see cref="Binarization.Static"/>; 0 by default. It is apart from that of the training, so that all trainings see
    /// the same data.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override bool IsOfShares => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Layer> Expectation => [new Sigmoid()];

    /// <inheritdoc/>
    public override Tensor Observe(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Check(values.min().item<float>(), values.max().item<float>());
        return Binarize switch
        {
            Binarization.Static => Drawn(values),
            Binarization.Dynamic => values.Clamp(0, 1).bernoulli(),
            _ => values,
        };
    }

    /// <inheritdoc/>
    public override void Observe(Span<float> values, int width, int seed)
    {
        Check(values.IsEmpty ? 0 : TensorPrimitives.Min<float>(values), values.IsEmpty ? 1 : TensorPrimitives.Max<float>(values));
        if (Binarize != Binarization.None)
        {
            (Binarize == Binarization.Static ? this : this with { Seed = seed }).Draw(values, width);
        }
    }

    /// <inheritdoc/>
    public override double Log(ReadOnlySpan<float> outputs, ReadOnlySpan<float> observed, double errorVariance)
    {
        // x·a − log(1 + e^a), with max(a, 0) taken out so that nothing overflows.
        var rest = new float[outputs.Length];
        TensorPrimitives.Abs(outputs, rest);
        TensorPrimitives.Negate(rest, rest);
        TensorPrimitives.Exp(rest, rest);
        TensorPrimitives.LogP1(rest, rest);
        double sum = TensorPrimitives.Dot(outputs, observed) - TensorPrimitives.Sum(rest);
        TensorPrimitives.Max(outputs, 0, rest);
        return sum - TensorPrimitives.Sum(rest);
    }

    /// <summary>Draws the pixels of images once and for all: numbers follow from the seed and the image itself, so that order, batches and
    /// epochs change nothing.</summary>
    /// <param name="values">Values from 0 to 1, row-major; changed in place.</param>
    /// <param name="width">Values of an image.</param>
    public void Draw(Span<float> values, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        for (int start = 0; start < values.Length; start += width)
        {
            var image = values.Slice(start, width);
            // Rounded, since another device divides by the peak to another last digit.
            var levels = new ushort[width];
            for (int i = 0; i < width; i++)
            {
                levels[i] = (ushort)Math.Round(Math.Clamp(image[i], 0, 1) * ushort.MaxValue);
            }

            ulong state = XxHash64.HashToUInt64(MemoryMarshal.AsBytes<ushort>(levels), Seed);
            for (int i = 0; i < width; i++)
            {
                image[i] = Uniform(ref state) < levels[i] / (float)ushort.MaxValue ? 1 : 0;
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor outputs, Tensor observed)
    {
        return nn.functional.binary_cross_entropy_with_logits(outputs, observed, reduction: nn.Reduction.None).sum([1]);
    }

    /// <summary>max(a, 0) − x·a + log(1 + e^−|a|), summed.</summary>
    /// <inheritdoc/>
    public override OnnxValue WriteNegativeLog(OnnxGraph graph, OnnxValue outputs, OnnxValue observed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var rest = graph.Add("Log", [graph.Add("Add", [graph.Add("Exp", [graph.Add("Neg", [graph.Add("Abs", [outputs])])]), graph.Scalar("one", 1)])]);
        var linear = graph.Add("Sub", [graph.Add("Relu", [outputs]), graph.Add("Mul", [outputs, observed])]);
        return graph.SumOfRow(graph.Add("Add", [linear, rest]));
    }

    private static void Check(float least, float most)
    {
        if (float.IsNaN(least) || float.IsNaN(most))
        {
            throw new ArgumentException("Bernoulli takes values from 0 (black) to peak (white), but a row has a missing value (NaN); leave such rows out.");
        }

        if (!(least >= 0 && most <= Greatest))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Bernoulli takes values from 0 (black) to peak (white), but found {least:G4} to {most:G4} times the peak; ")
                + (least < 0 ? "values below 0 are none of images: take likelihood: gaussian."
                    : "set the model's peak to the greatest value of the features, or take likelihood: gaussian."));
        }
    }

    private Tensor Drawn(Tensor values)
    {
        using var scope = NewDisposeScope();
        var grey = values.cpu().contiguous().data<float>().ToArray();
        Draw(grey, grey.Length / Math.Max(1, (int)values.shape[0]));
        return tensor(grey).reshape(values.shape).to(values.device).MoveToOuterDisposeScope();
    }

    // SplitMix64 (Steele et al. 2014); 24 bits make a uniform number below 1.
    private static float Uniform(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 40) / (float)(1 << 24);
    }
}

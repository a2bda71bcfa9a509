using System.Globalization;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3): b = a / (k + α/n · Σ a²)^β over n
/// neighbouring channels.</summary>
/// <param name="Size">Channels in the sum, n, an odd number: the channel itself and as many on either side; 5.</param>
/// <remarks>PyTorch and ONNX divide α by n, the paper does not: the paper's α = 1e-4 with n = 5 is 5e-4 here, the default.</remarks>
public sealed record LocalResponseNorm(int Size = 5) : Elementwise
{
    /// <summary>α, before the division by <see cref="Size"/>, above 0; 5e-4 is the paper's 1e-4.</summary>
    public double Alpha { get; init; } = 5e-4;

    /// <summary>β, above 0; 0.75.</summary>
    public double Beta { get; init; } = 0.75;

    /// <summary>k, above 0; 2. Without it, channels that are all 0 would be divided by 0.</summary>
    public double K { get; init; } = 2;

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        // What ONNX Runtime refuses would train and could then not be scored.
        Window2d.Positive(this, (nameof(Size), Size));
        if (Size % 2 == 0)
        {
            throw new ShapeException($"LocalResponseNorm.Size must be odd but is {Size}: the sum has as many channels on either side.");
        }

        foreach (var (name, value) in new[] { (nameof(Alpha), Alpha), (nameof(Beta), Beta), (nameof(K), K) })
        {
            // As float32, which both sides compute in.
            if (!((float)value > 0) || !float.IsFinite((float)value))
            {
                throw new ShapeException(string.Create(CultureInfo.InvariantCulture, $"LocalResponseNorm.{name} must be above 0 and finite but is {value}."));
            }
        }

        return Window2d.Image(this, inputs);
    }

    /// <summary>Yes: torch has no such normalisation in bfloat16 on the CPU.</summary>
    public override bool InFloat32 => true;

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => nn.functional.local_response_norm(inputs[0], Size, Alpha, Beta, K);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("LRN", inputs, ("size", Size), ("alpha", Alpha), ("beta", Beta), ("bias", K));
}

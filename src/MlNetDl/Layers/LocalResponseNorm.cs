using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3): b = a / (k + α/n · Σ
/// a²)^β over n neighbouring channels.</summary>
/// <param name="Size">Channels in the sum, n, an odd number: the channel itself and as many on either side; 5.</param>
/// <remarks>PyTorch and ONNX divide α by n, the paper does not: the paper's α = 1e-4 with n = 5 is 5e-4
/// here, the default.</remarks>
public sealed record LocalResponseNorm([property: AtLeast(1)] int Size = 5) : Elementwise, ICheckedRecord
{
    /// <summary>α, before the division by <see cref="Size"/>, above 0; 5e-4 is the paper's 1e-4.</summary>
    [Above(0)]
    public double Alpha { get; init; } = 5e-4;

    /// <summary>β, above 0; 0.75.</summary>
    [Above(0)]
    public double Beta { get; init; } = 0.75;

    /// <summary>k, above 0; 2. Without it, channels that are all 0 would be divided by 0.</summary>
    [Above(0)]
    public double K { get; init; } = 2;

    // What ONNX Runtime refuses would train and could then not be scored. Both sides compute in float32.
    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Size > 0 && Size % 2 == 0)
        {
            yield return new("size", $"must be odd but is {Size}: the sum has as many channels on either side.");
        }

        foreach (var (name, value) in new[] { ("alpha", Alpha), ("beta", Beta), ("k", K) })
        {
            if (value > 0 && ((float)value == 0 || !float.IsFinite((float)value)))
            {
                yield return new(
                    name,
                    string.Create(CultureInfo.InvariantCulture,
                        $"must be above 0 and finite in float32 but is {value}."));
            }
        }
    }

    /// <summary>Yes: torch has no such normalisation in bfloat16 on the CPU.</summary>
    public override bool InFloat32 => true;

    /// <summary>No: without the channel, others become neighbours.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Window2d.Image(this, input);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        // Without rows torch cannot tell its own dimensions.
        input.shape[0] == 0 ? input.alias() : nn.functional.local_response_norm(input, Size, Alpha, Beta, K);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("LRN", [input], ("size", Size), ("alpha", Alpha), ("beta", Beta), ("bias", K));
}

using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Draws one of K choices by its logit, with gradients (Jang, Gu and Poole 2016, arXiv:1611.01144; Maddison et al. 2016,
/// arXiv:1611.00712).</summary>
/// <param name="Temperature">How soft a choice is, above 0. Near 0 it is nearly one choice, but gradients vary much; 1 by default, as
/// Jang et al. begin with.</param>
/// <remarks>
/// Logits [N, K] → [N, K]. While a network trains, Gumbel noise is added and the softmax at the temperature taken (eq. 2);
/// <see cref="Hard"/> makes a one-hot row of it, with the gradient of the softmax (the straight-through form, section 2.2).
/// Evaluation and scoring draw nothing: the greatest logit is chosen, or without <see cref="Hard"/> the softmax at the temperature.
/// </remarks>
public sealed record GumbelSoftmax([property: Above(0)] double Temperature = 1) : UnaryLeaf, ICouplesOneValue
{
    private static readonly float[] OffAndOn = [0, 1];

    /// <summary>Whether one choice is 1 and the others 0; yes by default.</summary>
    public bool Hard { get; init; } = true;

    /// <summary>No: a choice that is 0 may be the greatest.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input is { Rank: 2, Type: ElementType.Float32 } && input[1].Size is not null
        ? input
        : throw new ShapeException($"GumbelSoftmax expects logits [N, K] with known K but got {input}.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var logits = input;
        if (state.Training)
        {
            using var none = no_grad();

            // −log of an exponential variable is a Gumbel variable.
            var noise = empty_like(input).exponential_().ClampMinInPlace(1e-20).log_().neg_();
            using var grad = enable_grad();
            logits = input.Add(noise);
        }

        var soft = nn.functional.softmax(logits.Div(Temperature), 1);
        if (!Hard)
        {
            return soft;
        }

        var chosen = zeros_like(soft).scatter_(1, logits.argmax(1, keepdim: true), ones_like(soft));
        return state.Training ? chosen.Add(soft - soft.detach()) : chosen;
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        if (Hard)
        {
            return graph.Add(
                "OneHot",
                [
                    graph.Add("ArgMax", [input], ("axis", 1), ("keepdims", 0)),
                    graph.Constant("depth", new long[] { input.Shape!.Size(1) }, scalar: true),
                    graph.Constant("values", OffAndOn),
                ],
                ("axis", 1));
        }

        var soft = graph.Add("Mul", [input, RowNumbers.Scalar(graph, "sharpness", 1 / Temperature)]);
        return graph.Add("Softmax", [soft], ("axis", 1));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
}

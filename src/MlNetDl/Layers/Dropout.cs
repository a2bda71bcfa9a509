using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Sets elements to 0 with probability <paramref name="P"/> while training and divides the others by 1 −
/// <paramref name="P"/> ("inverted"); the identity otherwise (Srivastava et al. 2014).</summary>
/// <param name="P">Probability of dropping, 0 or more and below 1; 0.5 is the usual choice for
/// fully connected layers.</param>
/// <remarks>AlexNet's form, halving the weights at test time instead, gives the same expectation.</remarks>
public sealed record Dropout([property: AtLeast(0), Below(1)] double P = 0.5) : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.dropout(input, P, state.Training);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        input;
}

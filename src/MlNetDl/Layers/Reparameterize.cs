using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A random draw that gradients pass: z = mean + exp(½·log variance)·noise, with noise drawn outside (Kingma and Welling 2013,
/// arXiv:1312.6114, section 2.4).</summary>
/// <param name="Noise">The wire of the noise, standard normal; an input of the network, so that samples follow from a seed everywhere.</param>
/// <param name="LogVariance">The wire of log σ², not of σ; <see langword="null"/>, the default, for a variance of 1.</param>
/// <remarks>The running value is the mean. All have one shape, [N, D]. With noise of zeros it gives the mean.</remarks>
public sealed record Reparameterize(string Noise, string? LogVariance = null) : Leaf, ICouplesChannels
{
    /// <inheritdoc/>
    public override ValueList<string> Wires => LogVariance is null ? [Noise] : [Noise, LogVariance];

    /// <summary>Yes: codes far from 0, as of a tilted prior, would lose their noise in bfloat16.</summary>
    public override bool InFloat32 => true;

    /// <summary>No: a mean and a log variance of 0 still draw.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        if (!inputs.All(s => s == inputs[0]))
        {
            throw new ShapeException($"Reparameterize needs mean, noise{(LogVariance is null ? "" : " and log variance")} of one shape but got "
                + $"{string.Join(", ", inputs)}.");
        }

        return inputs[0];
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        return LogVariance is null ? inputs[0].Add(inputs[1]) : inputs[0].Add(inputs[2].Mul(0.5).exp_() * inputs[1]);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var noise = inputs[1];
        if (LogVariance is not null)
        {
            float[] factor = [0.5f];
            var half = graph.Add("Mul", [inputs[2], graph.Constant("half", factor, scalar: true)]);
            noise = graph.Add("Mul", [graph.Add("Exp", [half]), noise]);
        }

        return graph.Add("Add", [inputs[0], noise]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs.Skip(1).Aggregate(inputs[0], groups.Unite)];
}

using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Lets linear layers compute with 8-bit integers whose scale each row finds by itself as it is scored: it needs no calibration, and
/// bears rows unlike those of the training.</summary>
/// <remarks>
/// Each row has a scale of its own, max|x| / 127. ONNX's operator for it (<c>DynamicQuantizeLinear</c>) takes one over the whole batch, so
/// that a row's score would depend on its neighbours. In a sequence each place has one. Convolutions stay in float. The scales cost a pass
/// over the values: layers must be wide for it to pay, and <see cref="Int8"/> is faster where calibration rows are at hand.
/// </remarks>
public sealed record DynamicInt8 : Stage
{
    /// <summary>Paths of layers that stay in float, with all below them; none by default.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <inheritdoc/>
    public override bool? Trains => false;

    /// <inheritdoc/>
    public override bool IsLast => true;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var network in context.Model.Networks.Values)
        {
            ForwardHooks.Require(network.Plan(), "dynamicInt8", "leave it in float.");
        }

        var all = new DynamicPass([]);
        LayerPaths.Check(context, this, Keep, "dynamicInt8.keep", context.Model.Networks.SelectMany(n =>
            all.Products(n.Value.Plan(), context.Model.Weights[n.Key]).Select(product => product.Path)));
    }

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Model.Quantization is { } before)
        {
            throw new ArgumentException($"dynamicInt8 finds a model that is quantised already ({before.Words}); numbers are rounded once.");
        }

        var pass = new DynamicPass(Keep);
        int layers = context.Model.Networks.Sum(n => pass.Products(n.Value.Plan(), context.Model.Weights[n.Key]).Count);
        if (layers == 0)
        {
            throw new ArgumentException($"dynamicInt8 finds no linear layer{(Keep.Count > 0 ? " but those under keep" : "")}; "
                + "convolutions are the affair of int8.");
        }

        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"dynamicInt8: {layers:N0} linear layers compute with 8-bit integers, whose scale each row finds as it is scored"));
        return context.Model with
        {
            Passes = [.. context.Model.Passes, pass],
            Quantization = new("dynamicInt8", "8-bit weights of linear layers, values by row", KeepsFloatWeights: false),
        };
    }
}

/// <summary>Torch with the rounding of <see cref="DynamicPass"/>.</summary>
/// <param name="products">The path of each layer whose product is rewritten, and the full name of its weight. A layer that shares the weight, such as
/// an embedding, may be none.</param>
internal sealed class DynamicSimulation(IReadOnlySet<(string Path, string Weight)> products) : IForwardHook
{
    private const float Levels = 127, Least = 1e-30f;

    private readonly HashSet<string> paths = [.. products.Select(p => p.Path)];

    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value)
    {
        if (index != 0 || !paths.Contains(step.Path))
        {
            return value;
        }

        var scale = value.abs().amax([-1], keepdim: true).Div(Levels).ClampMin(Least);
        return value.div(scale).round_().ClampInPlace(-Levels, Levels).mul_(scale);
    }

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored) =>
        products.Contains((step.Path, $"{step.WeightsName}.{parameter}"))
            ? FakeQuantization.RoundedWeight(stored, FakeQuantization.Scale(stored.detach(), 0, 8, perChannel: true), 0, 8)
            : stored;
}

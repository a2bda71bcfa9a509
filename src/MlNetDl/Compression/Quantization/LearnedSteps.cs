using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Rounds values and weights by scales that are trained too (Esser et al. 2020, arXiv:1902.08153): the gradient of a scale is
/// that of the rounded value, with rounding passed straight through, times 1 / √(elements · levels) (section 2.2).</summary>
/// <remarks>The level of 0 stays where the calibration has put it. Scales move by Adam with the training's learning rate, relative to
/// their size: by itself a step of one size would be too wide for some and too narrow for others.</remarks>
internal sealed class LearnedSteps : RoundedTraining
{
    private readonly Dictionary<string, AffineGrid> grids;
    private readonly Dictionary<string, Tensor> logs = [];
    private readonly Dictionary<string, Tensor> first = [];
    private readonly Optimizer mover = new Adam();
    private readonly Tensor steps = zeros(1, ScalarType.Int64).DetachFromDisposeScope();
    private OptimizerRun optimizer = null!;

    public LearnedSteps(QuantizationScheme scheme, QuantizedMap map) : base(scheme, map) =>
        grids = scheme.Ranges.OrderBy(r => r.Key, StringComparer.Ordinal).ToDictionary(r => r.Key, r => r.Value.Grid(scheme.ValueBits));

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        [
            .. logs.Select(l => ($"scale/{l.Key}", l.Value)),
            .. optimizer.State.Index().Select(s => ($"move/{s.Index}", s.Item)),
            ("moves", steps),
        ];

    /// <inheritdoc/>
    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        base.Start(network, options);
        using var scope = NewDisposeScope();
        var weights = network.Tensors.ToDictionary(t => t.Name, t => t.Tensor);
        using (no_grad())
        {
            foreach (var (key, grid) in grids)
            {
                Add(Of(key), tensor(new[] { grid.Scale }, device: network.Device));
            }

            foreach (var (name, product) in Map.Weights)
            {
                Add(name, FakeQuantization.Scale(weights[name], product.Axis, Scheme.WeightBits, Scheme.PerChannel));
            }
        }

        optimizer = mover.Start([.. logs.Values], [.. logs.Values.Select(_ => false)]);
    }

    /// <inheritdoc/>
    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        optimizer.Steps = steps.item<long>();
        optimizer.Step(mover.LearningRate * at.LearningRateFactor);
        steps.fill_(optimizer.Steps);
        optimizer.ZeroGradients();
    }

    /// <inheritdoc/>
    protected override Tensor Value(string key, Tensor value)
    {
        var grid = grids[key];
        var scale = ScaleOf(Of(key), Math.Sqrt(1.0 / (value.numel() * Math.Max(1, grid.Levels))));
        return Stepped(value, scale, -grid.Zero, grid.Levels - grid.Zero);
    }

    /// <inheritdoc/>
    protected override Tensor Weight(string name, QuantizedProduct product, Tensor weight)
    {
        int levels = WeightGrid.Levels(Scheme.WeightBits);
        var scale = FakeQuantization.Along(ScaleOf(name, Math.Sqrt(1.0 * logs[name].numel() / (weight.numel() * levels))), weight, product.Axis);
        return Scheme.WeightBits == 1
            ? FakeQuantization.RoundedWeight(weight, scale.detach(), product.Axis, 1) + (weight.detach().sign() * (scale - scale.detach()))
            : Stepped(weight, scale, -levels, levels);
    }

    /// <inheritdoc/>
    protected override QuantizationScheme Reached() => Scheme with
    {
        Ranges = grids.ToDictionary(g => g.Key, g => Range(g.Value, Scale(Of(g.Key)).item<float>())),
        LearntScales = Map.Weights.Keys.ToDictionary(w => w, w => Scale(w).cpu().data<float>().ToArray()),
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        optimizer?.Dispose();
        steps.Dispose();
        foreach (var tensor in logs.Values.Concat(first.Values))
        {
            tensor.Dispose();
        }
    }

    private static ValueRange Range(AffineGrid grid, float scale) => new(-grid.Zero * scale, (grid.Levels - grid.Zero) * scale);

    // Values have names of layers, weights those of parameters, which have a dot.
    private static string Of(string key) => $"value {key}";

    private void Add(string name, Tensor scale)
    {
        first.Add(name, scale.detach().clone().DetachFromDisposeScope());
        var log = zeros_like(scale).DetachFromDisposeScope();
        log.requires_grad = true;
        logs.Add(name, log);
    }

    private Tensor Scale(string name) => first[name] * logs[name].exp();

    // The value is the scale, the gradient a share of its own.
    private Tensor ScaleOf(string name, double share)
    {
        var scale = Scale(name);
        return (scale * share) + (scale * (1 - share)).detach();
    }

    private static Tensor Stepped(Tensor value, Tensor scale, int least, int most)
    {
        using var scope = NewDisposeScope();
        var level = value.div(scale).clamp(least, most);
        Tensor rounding;
        using (no_grad())
        {
            rounding = level.detach().round().sub_(level.detach());
        }

        return (level.add(rounding) * scale).MoveToOuterDisposeScope();
    }
}

using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Rounds values and weights by scales that are trained too (Esser et al. 2020, arXiv:1902.08153): the gradient of a scale is
/// that of the rounded value, with rounding passed straight through (section 2.1).</summary>
/// <remarks>The level of 0 stays where the calibration has put it. Logarithms of scales move by Adam with the training's learning rate: a step
/// of one size would be too wide for some scales and too narrow for others. Adam does not see a constant factor of the gradient, so the paper's
/// (section 2.2) is left out.</remarks>
internal sealed class LearnedSteps : RoundedTraining
{
    private readonly Dictionary<string, AffineGrid> grids;
    private readonly Dictionary<string, Tensor> logs = [];
    private readonly Dictionary<string, Tensor> first = [];
    private Optimizer mover = new Adam();
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

        mover = new Adam { LearningRate = options.Optimizer.LearningRate };
        optimizer = mover.Start([.. logs.Values], [.. logs.Values.Select(_ => false)]);
    }

    /// <inheritdoc/>
    public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
    {
        // The loss of a batch may be asked for again, and gradients would add up.
        optimizer.ZeroGradients();
        return loss;
    }

    /// <inheritdoc/>
    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        optimizer.Steps = steps.item<long>();
        optimizer.Step(mover.LearningRate * at.LearningRateFactor);
        steps.FillInPlace(optimizer.Steps);
        optimizer.ZeroGradients();
    }

    /// <inheritdoc/>
    protected override Tensor Value(string key, Tensor value)
    {
        var grid = grids[key];
        return Stepped(value, Scale(Of(key)), -grid.Zero, grid.Levels - grid.Zero);
    }

    /// <inheritdoc/>
    protected override Tensor Weight(string name, QuantizedProduct product, Tensor weight)
    {
        int levels = WeightGrid.Levels(Scheme.WeightBits);
        var scale = FakeQuantization.Along(Scale(name), weight, product.Axis);
        return Scheme.WeightBits == 1
            ? FakeQuantization.RoundedWeight(weight, scale.detach(), product.Axis, 1).Add(weight.detach().sign() * (scale - scale.detach()))
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

    private static Tensor Stepped(Tensor value, Tensor scale, int least, int most)
    {
        using var scope = NewDisposeScope();
        var level = value.div(scale).Clamp(least, most);
        Tensor rounding;
        using (no_grad())
        {
            rounding = level.detach().round().sub_(level.detach());
        }

        return (level.Add(rounding) * scale).MoveToOuterDisposeScope();
    }
}

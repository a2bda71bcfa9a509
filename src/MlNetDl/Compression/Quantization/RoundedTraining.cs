using MlNetDl.Analysis;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Lets a network compute with rounded weights and values while it trains.</summary>
internal abstract class RoundedTraining : StepHook, IForwardHook
{
    private TorchNetwork? network;
    private IForwardHook? inner;

    /// <param name="scheme">What numbers are rounded by at the beginning.</param>
    /// <param name="map">What is rounded.</param>
    protected RoundedTraining(QuantizationScheme scheme, QuantizedMap map) => (Scheme, Learnt, Map) = (scheme, scheme, map);

    /// <summary>What numbers were rounded by at the end, once the training is over.</summary>
    public QuantizationScheme Learnt { get; private set; }

    /// <summary>What numbers were rounded by at the beginning.</summary>
    protected QuantizationScheme Scheme { get; }

    /// <summary>What is rounded.</summary>
    protected QuantizedMap Map { get; }

    /// <inheritdoc/>
    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        (this.network, inner) = (network, network.Hook);
        network.Hook = this;
    }

    /// <inheritdoc/>
    public override TrainedModel Finished(TrainedModel model)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        Learnt = Reached();
        return model;
    }

    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value)
    {
        var seen = inner?.Input(step, index, value) ?? value;
        return Map.Roots.TryGetValue((step.Path, index), out var key) ? Value(key, seen) : seen;
    }

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored)
    {
        var seen = inner?.Weight(step, parameter, stored) ?? stored;
        var name = $"{step.WeightsName}.{parameter}";
        return Map.Weights.TryGetValue(name, out var product) ? Weight(name, product, seen) : seen;
    }

    /// <summary>A value, rounded.</summary>
    protected abstract Tensor Value(string key, Tensor value);

    /// <summary>A weight, rounded.</summary>
    protected abstract Tensor Weight(string name, QuantizedProduct product, Tensor weight);

    /// <summary>The scheme as it is now.</summary>
    protected abstract QuantizationScheme Reached();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (network?.Hook == this)
        {
            network.Hook = inner;
        }

        base.Dispose(disposing);
    }
}

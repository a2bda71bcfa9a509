using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Leaves zeros of pruned weights zero while the network trains on: an optimiser's momentum would move
/// them.</summary>
/// <param name="names">The full names of the weights.</param>
internal sealed class KeptZeros(IReadOnlyCollection<string> names) : StepHook
{
    private readonly List<(Tensor Weight, Tensor Zero)> zeros = [];

    /// <summary>The hook of a model; <see langword="null"/> where nothing is pruned.</summary>
    public static KeptZeros? Of(TrainedModel model) => model.Pruned.Count == 0 ? null : new(model.Pruned.ToHashSet());

    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        using var none = no_grad();
        foreach (var (name, tensor, _) in network.Tensors.Where(t => names.Contains(t.Name)))
        {
            zeros.Add((tensor, tensor.Eq(0).DetachFromDisposeScope()));
        }
    }

    // Otherwise they would count in the norm of gradients, and in the optimiser's moments.
    public override void GradientsReady(StepPosition at)
    {
        using var none = no_grad();
        foreach (var (weight, zero) in zeros)
        {
            weight.grad?.MaskedFillInPlace(zero, 0);
        }
    }

    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        // Not by a product: a negative weight times 0 is minus zero, which is stored like any other value.
        foreach (var (weight, zero) in zeros)
        {
            weight.MaskedFillInPlace(zero, 0);
        }
    }

    protected override void Dispose(bool disposing)
    {
        zeros.ForEach(z => z.Zero.Dispose());
        base.Dispose(disposing);
    }
}

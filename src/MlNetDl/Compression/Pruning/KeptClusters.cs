using System.Runtime.InteropServices;
using MlNetDl.Models;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Lets values of a weight that are equal move together while the network trains on: each takes the mean gradient of
/// all, and the mean of where the optimiser moved them (Han et al. 2015, arXiv:1510.00149, section 3.3).</summary>
/// <remarks>The paper sums the gradients of a shared value. The mean has the same direction for each, and the step that suits
/// the learning rate of an ordinary training: a shared value of n weights is n times as steep.
/// <para>Which values are equal follows from the weights that a training begins with, so checkpoints hold nothing of
/// it.</para></remarks>
/// <param name="names">The full names of the weights.</param>
internal sealed class KeptClusters(IReadOnlyCollection<string> names) : StepHook
{
    private readonly List<Codes> clustered = [];

    /// <summary>The hook of a model; <see langword="null"/> where nothing is clustered.</summary>
    public static KeptClusters? Of(TrainedModel model) => model.Clustered.Count == 0 ? null : new(model.Clustered.ToHashSet());

    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, weight, _) in network.Tensors.Where(t => names.Contains(t.Name)))
        {
            // By bits, as the model file has them.
            var indices = new Dictionary<int, long>();
            float[] values = weight.detach().cpu().contiguous().data<float>().ToArray();
            long[] codes = Array.ConvertAll(values, value =>
            {
                ref long index = ref CollectionsMarshal.GetValueRefOrAddDefault(indices, BitConverter.SingleToInt32Bits(value), out bool known);
                return known ? index : index = indices.Count - 1;
            });
            // A stage behind the clustering may have changed the values one by one.
            if (indices.Count <= CodedBytes.MostDifferent)
            {
                var index = tensor(codes, device: weight.device);
                clustered.Add(new(
                    weight,
                    index.DetachFromDisposeScope(),
                    bincount(index, minlength: indices.Count).to(ScalarType.Float64).DetachFromDisposeScope()));
            }
        }
    }

    public override void GradientsReady(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var codes in clustered)
        {
            if (codes.Weight.grad is { } gradient)
            {
                codes.Join(gradient);
            }
        }
    }

    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        clustered.ForEach(c => c.Join(c.Weight));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var (_, index, counts) in clustered)
        {
            index.Dispose();
            counts.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed record Codes(Tensor Weight, Tensor Index, Tensor Counts)
    {
        // In double precision the mean of equal floats is that float, bit by bit.
        public void Join(Tensor values)
        {
            var sums = zeros_like(Counts).IndexAddInPlace(0, Index, values.to(ScalarType.Float64).flatten(), 1);
            values.copy_(sums.div(Counts).index_select(0, Index).reshape(values.shape));
        }
    }
}

using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>A copy of a step's weights and state (masks, ranges), on the device of the originals.</summary>
internal sealed class WeightsCopy : IDisposable
{
    private readonly List<(string Name, Tensor Tensor)> tensors = [];

    public bool IsEmpty => tensors.Count == 0;

    public IReadOnlyList<(string Name, Tensor Tensor)> Tensors => tensors;

    public void CopyFrom(TrainingStep step)
    {
        if (!IsEmpty)
        {
            Copy(step.WeightsAndState(), tensors);
            return;
        }

        using var none = no_grad();
        foreach (var (name, tensor) in step.WeightsAndState())
        {
            using var detached = tensor.detach();
            tensors.Add(($"best/{name}", detached.clone().DetachFromDisposeScope()));
        }
    }

    public void CopyTo(TrainingStep step) => Copy(tensors, step.WeightsAndState());

    public void Dispose()
    {
        foreach (var (_, tensor) in tensors)
        {
            tensor.Dispose();
        }
    }

    private static void Copy(IEnumerable<(string Name, Tensor Tensor)> from, IEnumerable<(string Name, Tensor Tensor)> to)
    {
        using var none = no_grad();
        foreach (var (source, target) in from.Zip(to))
        {
            target.Tensor.copy_(source.Tensor);
        }
    }
}

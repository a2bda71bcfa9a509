using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>Asks a hook, and checks its answers before torch sees them: a matrix product of tensors that do not fit
/// ends the process.</summary>
internal sealed class HookedForward(IForwardHook hook)
{
    public IForwardHook Hook => hook;

    public Tensor Input(PlanStep step, int index, Tensor value) => Checked(hook.Input(step, index, value), value, step, $"input {index}");

    /// <summary>Lets the leaf's weights pass through the hook.</summary>
    public void Watch(PlanStep step, LeafState state) =>
        state.View = (parameter, stored) => Checked(hook.Weight(step, parameter, stored), stored, step, $"weight '{parameter}'");

    private Tensor Checked(Tensor given, Tensor expected, PlanStep step, string what)
    {
        if (given is not { IsInvalid: false }
            || given.dtype != expected.dtype
            || !given.shape.AsSpan().SequenceEqual(expected.shape))
        {
            throw new ShapeException($"the hook {hook.GetType().Name} put {Text(given)} in the place of {what}, "
                + $"{Text(expected)}; it must return a tensor of the same shape and type.")
                .At(step.Path);
        }

        return given;
    }

    private static string Text(Tensor? tensor) =>
        tensor is { IsInvalid: false } ? $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]" : "nothing";
}

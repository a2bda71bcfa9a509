using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>Asks a hook, and checks its answers before torch sees them: a matrix product of tensors that do not fit
/// ends the process.</summary>
internal sealed class HookedForward(IForwardHook hook)
{
    public IForwardHook Hook => hook;

    public Tensor Input(PlanStep step, int index, Tensor value) => Checked(
        Asked(nameof(hook.Input), step, () => hook.Input(step, index, value)), value, step, $"input {index}");

    /// <summary>Lets the leaf's weights pass through the hook.</summary>
    public void Watch(PlanStep step, LeafState state) =>
        state.View = (parameter, stored) => Checked(
            Asked(nameof(hook.Weight), step, () => hook.Weight(step, parameter, stored)), stored, step, $"weight '{parameter}'");

    // Within a leaf's code the hook's error would be blamed on the leaf.
    private Tensor Asked(string member, PlanStep step, Func<Tensor> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (!LeafCode.IsTold(e))
        {
            throw new ComponentException(hook, member, e, step.Path);
        }
    }

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

using MlNetDl.Analysis;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Keeps the values of some slots while a network runs. Another hook of the network stays at work.</summary>
/// <param name="plan">The network's plan.</param>
/// <param name="slots">The slots.</param>
/// <param name="other">The hook that the network had before; <see langword="null"/> for none.</param>
internal sealed class SlotWatch(Plan plan, IEnumerable<int> slots, IForwardHook? other = null) : IForwardHook
{
    private readonly HashSet<int> watched = [.. slots];
    private readonly Dictionary<int, Tensor> values = [];

    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value)
    {
        // The value as it was computed; the other hook may round what this one step reads.
        if (watched.Contains(step.Inputs[index]))
        {
            values[step.Inputs[index]] = value;
        }

        return other is null ? value : other.Input(step, index, value);
    }

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored) =>
        other is null ? stored : other.Weight(step, parameter, stored);

    /// <summary>The value of a slot in the last pass, float32.</summary>
    /// <param name="value">The value that is asked for.</param>
    /// <param name="outputs">The outputs of that pass: no step reads the last value.</param>
    /// <exception cref="InvalidOperationException">The pass did not show it.</exception>
    public Tensor Of(InnerValue value, IReadOnlyDictionary<string, Tensor> outputs)
    {
        if (!values.TryGetValue(value.Slot, out var seen) || seen.IsInvalid)
        {
            var name = plan.Outputs.FirstOrDefault(o => o.Slot == value.Slot)?.Name;
            if (name is null || !outputs.TryGetValue(name, out seen))
            {
                throw new InvalidOperationException($"The value '{value.Name}' of a hint was not seen: another hook has taken "
                    + "the place of this one (TorchNetwork.Hook), or no layer reads the value. Put the stage that sets such a hook "
                    + "before 'distilled'.");
            }
        }

        return seen.dtype == ScalarType.Float32 ? seen : seen.to(ScalarType.Float32);
    }

    /// <summary>Forgets the values.</summary>
    public void Clear() => values.Clear();
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>The state (momentum, …) beside the elements that an <see cref="IUpdateRule"/> works on.</summary>
/// <typeparam name="T">The elements.</typeparam>
public readonly ref struct Slots<T>
    where T : struct, IElements<T>
{
    /// <summary>How many state tensors a rule can have.</summary>
    internal const int Most = 4;

    // Fields instead of a list: once a rule is inlined, its slots are constants, and no list is looked into.
    private readonly ref float first;
    private readonly ref float second;
    private readonly ref float third;
    private readonly ref float fourth;
    private readonly int count;
    private readonly int offset;

    /// <summary>State in memory.</summary>
    internal Slots(Tensor[] tensors)
    {
        count = tensors.Length;
        first = ref Start(tensors, 0);
        second = ref Start(tensors, 1);
        third = ref Start(tensors, 2);
        fourth = ref Start(tensors, 3);
    }

    /// <summary>State on a device.</summary>
    internal Slots(Tensor[] tensors, TorchState torch) => (count, Torch) = (tensors.Length, torch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slots(Slots<T> start, int offset)
    {
        first = ref start.first;
        second = ref start.second;
        third = ref start.third;
        fourth = ref start.fourth;
        count = start.count;
        this.offset = offset;
    }

    /// <summary>The elements' state in slot <paramref name="slot"/>, counted from 0 to below <see cref="Optimizer.Slots"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The optimiser has no such slot.</exception>
    public T this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(this, Checked(slot));
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => T.Store(this, Checked(slot), value);
    }

    /// <summary>The state as torch has it.</summary>
    internal TorchState? Torch { get; }

    /// <summary>The same, <paramref name="elements"/> further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Slots<T> At(int elements) => new(this, elements);

    /// <summary>The first of the elements in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref float Memory(int slot)
    {
        if (slot == 0)
        {
            return ref Unsafe.Add(ref first, offset);
        }

        if (slot == 1)
        {
            return ref Unsafe.Add(ref second, offset);
        }

        return ref Unsafe.Add(ref slot == 2 ? ref third : ref fourth, offset);
    }

    // Memory behind a slot that does not exist belongs to somebody else.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Checked(int slot)
    {
        if ((uint)slot >= (uint)count)
        {
            Refuse(slot);
        }

        return slot;
    }

    private void Refuse(int slot) => throw new ArgumentOutOfRangeException(
        nameof(slot),
        slot,
        $"The rule asks for the state tensor {slot}, but its optimizer has {count} (Slots), counted from 0.");

    private static ref float Start(Tensor[] tensors, int slot) => ref slot < tensors.Length
        ? ref MemoryMarshal.GetReference(TensorMemory.Floats(tensors[slot]))
        : ref Unsafe.NullRef<float>();
}

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
    private readonly int offset;

    internal Slots(Tensor[] tensors, bool inMemory)
    {
        Tensors = tensors;
        if (inMemory)
        {
            first = ref Start(tensors, 0);
            second = ref Start(tensors, 1);
            third = ref Start(tensors, 2);
            fourth = ref Start(tensors, 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slots(Slots<T> start, int offset)
    {
        Tensors = start.Tensors;
        first = ref start.first;
        second = ref start.second;
        third = ref start.third;
        fourth = ref start.fourth;
        this.offset = offset;
    }

    /// <summary>The elements' state in slot <paramref name="slot"/>, counted from 0 to below
    /// <see cref="Optimizer.Slots"/>.</summary>
    public T this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(this, slot);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => T.Store(this, slot, value);
    }

    /// <summary>The state as torch has it. An array, not a span: a struct over a type of TorchSharp could not be
    /// loaded without it.</summary>
    internal Tensor[] Tensors { get; }

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

    private static ref float Start(Tensor[] tensors, int slot) =>
        ref slot < tensors.Length ? ref MemoryMarshal.GetReference(TensorMemory.Floats(tensors[slot])) : ref Unsafe.NullRef<float>();
}

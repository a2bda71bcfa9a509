namespace MlNetDl.Training.Optimizers;

/// <summary>The elements that an <see cref="IUpdateRule"/> computes with: some of a tensor in a register, one of them,
/// or all of them in torch's memory. So a rule is written once for every device.</summary>
/// <remarks>Operators work element by element. The three kinds of elements are the library's; a rule
/// only uses them.</remarks>
/// <typeparam name="T">The kind of elements itself.</typeparam>
public interface IElements<T>
    where T : struct, IElements<T>
{
    /// <summary>The sum.</summary>
    static abstract T operator +(T left, T right);

    /// <summary>The difference.</summary>
    static abstract T operator -(T left, T right);

    /// <summary>The product.</summary>
    static abstract T operator *(T left, T right);

    /// <summary>The quotient.</summary>
    static abstract T operator /(T left, T right);

    /// <summary>Each element plus a number.</summary>
    static abstract T operator +(T values, float number);

    /// <summary>A number times each element.</summary>
    static abstract T operator *(float factor, T values);

    /// <summary><paramref name="values"/> + <paramref name="factor"/>·<paramref name="others"/>: one pass over memory
    /// on a device, and none where the factor is 0.</summary>
    static abstract T AddScaled(T values, float factor, T others);

    /// <summary>The square root.</summary>
    static abstract T Sqrt(T values);

    /// <summary>−1, 0 or 1; 0 for what is not a number, as in torch.</summary>
    static abstract T Sign(T values);

    /// <summary>The absolute value.</summary>
    static abstract T Abs(T values);

    /// <summary>The greater one.</summary>
    static abstract T Max(T left, T right);

    /// <summary>The lesser one.</summary>
    static abstract T Min(T left, T right);

    /// <summary>Reads the elements of a state tensor.</summary>
    internal static abstract T Load(Slots<T> slots, int slot);

    /// <summary>Writes them.</summary>
    internal static abstract void Store(Slots<T> slots, int slot, T values);
}

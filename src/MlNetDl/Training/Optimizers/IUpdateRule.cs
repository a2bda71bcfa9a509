namespace MlNetDl.Training.Optimizers;

/// <summary>The formula of an optimiser that treats each element of a weight alike (Adam, Lion, …), written
/// once.</summary>
/// <remarks>
/// Make it a <see langword="struct"/> whose fields are the constants of one step, computed in double and rounded once:
/// 1 − β₂ in float32 is off by 1e-5 of its value at β₂ = 0.999, and by 1e-2 at 0.999999. Mark <see cref="Move"/> with
/// <see cref="System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining"/>: the compiler then makes one
/// pass over memory of it, where torch's own operators take four to ten. Without it the results are the same and the
/// pass takes longer.
/// </remarks>
public interface IUpdateRule
{
    /// <summary>The amount that is subtracted from the weight. The rule reads and writes the state of the same
    /// elements.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="state">The state tensors, as many as <see cref="Optimizer.Slots"/>; 0 before
    /// the first step.</param>
    /// <typeparam name="T">The elements: whichever suit the device.</typeparam>
    T Move<T>(T weight, T gradient, Slots<T> state)
        where T : struct, IElements<T>;
}

using MlNetDl.Configuration;
using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>How a weight tensor is filled before training. Draws from torch's seeded generator.</summary>
public abstract record Initializer
{
    /// <summary>Fills <paramref name="tensor"/> in place.</summary>
    /// <param name="tensor">The weight.</param>
    /// <param name="parameter">What the weight is: its dimensions and fans.</param>
    /// <exception cref="InvalidOperationException">It asks for a fan that the parameter does not have.</exception>
    public abstract void Fill(Tensor tensor, Parameter parameter);
}

/// <summary>Every element the same value.</summary>
/// <param name="Value">The value.</param>
public sealed record ConstantInit(double Value) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) => tensor.ConstantInPlace(Value);
}

/// <summary>Uniform on ±<paramref name="Bound"/>.</summary>
/// <param name="Bound">Half the width of the interval, 0 or more.</param>
public sealed record UniformInit([property: AtLeast(0)] double Bound) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) => nn.init.uniform_(tensor, -Bound, Bound);
}

/// <summary>Normal with mean 0.</summary>
/// <param name="StandardDeviation">The standard deviation, 0 or more.</param>
public sealed record NormalInit([property: AtLeast(0)] double StandardDeviation) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) => nn.init.normal_(tensor, 0, StandardDeviation);
}

/// <summary>Given values, for tensors that training does not change.</summary>
/// <param name="Values">One value an element, row-major.</param>
public sealed record FixedInit(ValueList<float> Values) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter)
    {
        using var flat = TorchSharp.torch.tensor(Values.ToArray());
        using var values = flat.reshape(tensor.shape);
        tensor.copy_(values);
    }
}

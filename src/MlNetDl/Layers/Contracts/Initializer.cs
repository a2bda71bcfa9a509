using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>How a weight tensor is filled before training. Draws from torch's seeded generator.</summary>
public abstract record Initializer
{
    /// <summary>Fills <paramref name="tensor"/> in place.</summary>
    public abstract void Fill(Tensor tensor);
}

/// <summary>Every element the same value.</summary>
/// <param name="Value">The value.</param>
public sealed record ConstantInit(double Value) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor) => nn.init.constant_(tensor, Value);
}

/// <summary>Uniform on ±<paramref name="Bound"/>.</summary>
/// <param name="Bound">Half the width of the interval, greater than 0.</param>
/// <remarks>PyTorch's default for convolutions and linear layers, weights and biases, is a bound of 1/√fan_in (<c>kaiming_uniform_(a=√5)</c>).</remarks>
public sealed record UniformInit(double Bound) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor) => nn.init.uniform_(tensor, -Bound, Bound);
}

/// <summary>Normal with mean 0.</summary>
/// <param name="StandardDeviation">The standard deviation, greater than 0.</param>
/// <remarks>He et al. 2015 (arXiv:1502.01852, eq. 10) take √(2/fan) for layers that are followed by ReLU.</remarks>
public sealed record NormalInit(double StandardDeviation) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor) => nn.init.normal_(tensor, 0, StandardDeviation);
}

/// <summary>Given values, for tensors that training does not change.</summary>
/// <param name="Values">One value an element, row-major.</param>
public sealed record FixedInit(ValueList<float> Values) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor)
    {
        using var flat = TorchSharp.torch.tensor(Values.ToArray());
        using var values = flat.reshape(tensor.shape);
        tensor.copy_(values);
    }
}

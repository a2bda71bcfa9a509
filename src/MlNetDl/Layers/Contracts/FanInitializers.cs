using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>Which of a weight's fans an initializer goes by.</summary>
public enum FanMode
{
    /// <summary>The fan-in: values keep their scale on the way forward.</summary>
    In,

    /// <summary>The fan-out: gradients keep their scale on the way back.</summary>
    Out,
}

/// <summary>Uniform on ±1/√fan-in: PyTorch's default for weights and biases of convolutions and linear layers, and that
/// of the layers here.</summary>
/// <remarks>PyTorch writes it as <c>kaiming_uniform_(a=√5)</c>.</remarks>
public sealed record FanInUniformInit : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter)
    {
        double bound = 1 / Math.Sqrt(parameter.Fan(FanMode.In));
        nn.init.uniform_(tensor, -bound, bound);
    }
}

/// <summary>Normal with deviation √(2/fan), which keeps the scale through ReLU (He et al. 2015, arXiv:1502.01852, eq.
/// 10 and 14).</summary>
/// <remarks>Batch normalisation sets the scale of the forward pass, so networks with it take the fan-out, as
/// torchvision's ResNet does.</remarks>
public sealed record HeNormalInit : Initializer
{
    /// <summary>The fan that it goes by; the fan-in.</summary>
    public FanMode Mode { get; init; }

    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) => nn.init.normal_(tensor, 0, Math.Sqrt(2.0 / parameter.Fan(Mode)));
}

/// <summary>Uniform on ±√(6/fan), of the same deviation as <see cref="HeNormalInit"/>.</summary>
public sealed record HeUniformInit : Initializer
{
    /// <summary>The fan that it goes by; the fan-in.</summary>
    public FanMode Mode { get; init; }

    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter)
    {
        double bound = Math.Sqrt(6.0 / parameter.Fan(Mode));
        nn.init.uniform_(tensor, -bound, bound);
    }
}

/// <summary>Normal with deviation √(2/(fan-in + fan-out)), a compromise of both ways for layers that are followed by
/// tanh (Glorot and Bengio 2010, eq. 12).</summary>
public sealed record XavierNormalInit : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) =>
        nn.init.normal_(tensor, 0, Math.Sqrt(2.0 / (parameter.Fan(FanMode.In) + parameter.Fan(FanMode.Out))));
}

/// <summary>Uniform on ±√(6/(fan-in + fan-out)), of the same deviation as <see cref="XavierNormalInit"/> (Glorot and
/// Bengio 2010, eq. 16).</summary>
public sealed record XavierUniformInit : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter)
    {
        double bound = Math.Sqrt(6.0 / (parameter.Fan(FanMode.In) + parameter.Fan(FanMode.Out)));
        nn.init.uniform_(tensor, -bound, bound);
    }
}

/// <summary>Normal with deviation 1/√fan-in, which keeps the scale through sums of independent inputs (LeCun et al.
/// 1998, "Efficient BackProp", section 4.6).</summary>
public sealed record LeCunNormalInit : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor tensor, Parameter parameter) => nn.init.normal_(tensor, 0, 1 / Math.Sqrt(parameter.Fan(FanMode.In)));
}

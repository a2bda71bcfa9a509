using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>An activation function by name.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x above 0, 0.01·x below.</summary>
    LeakyRelu,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1.7159·tanh(2x/3), as in LeNet-5's paper.</summary>
    ScaledTanh,
}

/// <summary>Makes the layer of an <see cref="Activation"/>.</summary>
internal static class Activations
{
    public static Layer Layer(this Activation activation) => activation switch
    {
        Activation.Relu => new ReLU(),
        Activation.LeakyRelu => new LeakyReLU(),
        Activation.Sigmoid => new Sigmoid(),
        Activation.Tanh => new Tanh(),
        _ => new ScaledTanh(),
    };
}

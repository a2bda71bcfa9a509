using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>An architecture with its options, to be built for an input and a number of outputs: what users name in C# and YAML.</summary>
public abstract record NetworkSpec
{
    /// <summary>The tree of layers. It ends in logits (or values): no softmax or sigmoid, and no scaling of the input.</summary>
    /// <param name="input">Shape of the input, [N, …].</param>
    /// <param name="outputs">Classes, or values to predict.</param>
    /// <exception cref="ShapeException">The architecture does not take such an input.</exception>
    public abstract Layer Build(Shape input, int outputs);

    /// <summary>The network for that input.</summary>
    public Network ToNetwork(Shape input, int outputs) => new(Build(input, outputs), input);
}

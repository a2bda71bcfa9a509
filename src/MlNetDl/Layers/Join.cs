using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>A leaf over several inputs: the branches of a <see cref="Branches"/>, or the running value
/// and named wires.</summary>
public abstract record Join : Leaf
{
    /// <summary>Wires it takes beside the running value, when it stands by itself in a
    /// <see cref="Sequential"/>.</summary>
    public ValueList<string> With { get; init; } = [];

    /// <inheritdoc/>
    public override ValueList<string> Wires => With;

    /// <summary>All inputs, checked to have one shape.</summary>
    protected Shape Same(IReadOnlyList<Shape> inputs)
    {
        if (inputs.FirstOrDefault(s => s != inputs[0]) is { } other)
        {
            throw new ShapeException($"{GetType().Name} needs inputs of one shape but got {inputs[0]} and {other}; "
                + "give the branches the same channels and strides.");
        }

        return inputs[0];
    }
}

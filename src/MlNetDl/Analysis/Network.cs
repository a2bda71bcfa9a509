using System.Text.Json.Serialization;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>A named input of a network.</summary>
/// <param name="Name">The wire under which it can be read.</param>
/// <param name="Shape">Its shape; the batch dimension and sequence lengths may be symbolic.</param>
public sealed record NetworkInput(string Name, Shape Shape);

/// <summary>A whole network: the tree and what flows into it.</summary>
/// <param name="Root">The tree of layers.</param>
/// <param name="Inputs">At least one; the first is the running value at the root, and all are wires.</param>
[method: JsonConstructor]
public sealed record Network(Layer Root, ValueList<NetworkInput> Inputs)
{
    /// <summary>Name of the first input where only one is given.</summary>
    public const string DefaultInput = "input";

    /// <summary>Name of the last value as an output.</summary>
    public const string DefaultOutput = "output";

    /// <summary>A network with one input.</summary>
    public Network(Layer root, Shape input) : this(root, [new NetworkInput(DefaultInput, input)])
    {
    }

    /// <summary>Checks every shape and lays the tree out as a list of steps.</summary>
    /// <exception cref="ArgumentException">Members of layers are out of their ranges; the message says
    /// all of them.</exception>
    /// <exception cref="ShapeException">The tree does not fit its inputs.</exception>
    /// <exception cref="Configuration.ComponentException">A layer's code failed, or gave what it may not.</exception>
    public Plan Plan() => Analysis.Plan.Of(this);
}

using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.MlNet;

/// <summary>The column of one of several inputs of a network, and how it is read.</summary>
/// <param name="Column">The column's name.</param>
public sealed record FeatureInput(string Column)
{
    /// <summary>For a column of images, what the network takes; see <see cref="NeuralNetworkOptions.Image"/>.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>For a vector that is really an image its form, for tokens their number; see <see cref="NeuralNetworkOptions.InputShape"/>.</summary>
    public Shape? Shape { get; init; }

    /// <summary>The column as it is.</summary>
    /// <param name="column">The column's name.</param>
    public static implicit operator FeatureInput(string column) => new(column);
}

using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Networks;

/// <summary>The demands of the data, for which a <see cref="ModelSpec"/> builds its networks and graphs.</summary>
public sealed record ModelContext
{
    /// <summary>Shape of a batch of features, such as [N, C, H, W].</summary>
    public required Shape Input { get; init; }

    /// <summary>The inputs by name where there are several, which the network reads by <c>Read</c>; empty where there is one.</summary>
    public ValueList<NetworkInput> Inputs { get; init; } = [];

    /// <summary>For several inputs, the layers that prepare them, by the input's name.</summary>
    internal IReadOnlyDictionary<string, Layer> InputPreprocessing { get; init; } = new Dictionary<string, Layer>();

    /// <summary>Layers that prepare the features (standardisation), to stand before whatever reads them; empty where
    /// none are needed.</summary>
    public ValueList<Layer> Preprocessing { get; init; } = [];

    /// <summary>The task; <see langword="null"/> without labels.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>The label; the default without labels.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>How target values are standardised.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>The score above which a row is strange, for a task that has such a threshold; 0 until it is chosen behind the training.</summary>
    public double Threshold { get; init; }

    /// <summary>The mean squared error of a value that the trained model makes, for a score that needs it; 1 until it is known.</summary>
    public double ErrorVariance { get; init; } = 1;

    /// <summary>Outputs that the task needs; 0 without one.</summary>
    public int Outputs => Task?.Outputs(Label) ?? 0;
}

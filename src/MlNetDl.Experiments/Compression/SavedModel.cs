using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>A saved model with its chain, ready to be scored or trained on.</summary>
/// <param name="path">Its <c>.zip</c>.</param>
/// <param name="chain">The chain.</param>
/// <param name="schema">What it takes; <see langword="null"/> where its file does not say, as for images.</param>
internal sealed class SavedModel(string path, FittedChain chain, DataViewSchema? schema)
{
    /// <summary>Its files.</summary>
    public const string Zip = "model.zip";

    /// <summary>The file that it came from.</summary>
    public string Path => path;

    /// <summary>The chain.</summary>
    public FittedChain Chain => chain;

    /// <summary>The network.</summary>
    public ModelPackage Package => chain.Network.Package;

    /// <summary>What the chain takes; <see langword="null"/> where its file does not say.</summary>
    public DataViewSchema? Schema => schema;

    /// <summary>What is measured of a quantised model in torch, in words; <see langword="null"/> for one that is not quantised.</summary>
    public string? FloatWeights => Package.Manifest.Quantization is { } rounded
        ? $"the float weights beside the graph; the model itself is quantised ({rounded.Words}) and scores otherwise"
        : null;

    /// <summary>Refuses a model whose weights cannot be worked on.</summary>
    /// <exception cref="ArgumentException">It is quantised, and its float weights are gone.</exception>
    public void MustHaveFloatWeights()
    {
        if (Package.Manifest.Quantization is { KeepsFloatWeights: false } rounded)
        {
            throw new ArgumentException($"The model '{path}' is quantised already ({rounded.Words}), and its float weights, which stages need, are gone; "
                + "take the model that it was made of, or quantise that with keepWeights: true.");
        }
    }

    /// <summary>Loads a model.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It was trained without labels, or holds no description of its
    /// network.</exception>
    public static SavedModel Load(string path)
    {
        // Its errors name the file, and say what a model is.
        var manifest = ModelFile.Read(path).Manifest;
        _ = ScoredTask.Of(manifest);
        if (manifest.Networks.Count == 0)
        {
            throw new InvalidDataException($"The model '{path}' holds no description of its network, so it cannot be trained on; save it anew "
                + "with this version of the library.");
        }

        var chain = SavedChain.Load(new(), path, out var schema);
        return new(path, FittedChain.Of(chain), schema);
    }

    /// <summary>The same model with another network.</summary>
    public SavedModel With(ITransformer model, NeuralNetworkTransformer network) =>
        new(path, chain with { Model = model, Network = network }, schema);

    /// <summary>Figures of the task and further ones, and the predicted classes where there are some.</summary>
    public (IReadOnlyDictionary<string, double> Figures, PredictedClasses? Classes) Judge(
        LoadedData data, IEnumerable<Metrics.Metric> more)
    {
        var manifest = Package.Manifest;
        var (scores, targets) = data.Score(chain.Model, chain.Network, DataPart.Test);
        return (
            ScoreMetrics.Of(ScoredTask.Of(manifest), scores, targets, manifest.Outputs, more),
            PredictedClasses.Of(manifest, scores, targets));
    }

    /// <summary>Saves chain and network into a folder.</summary>
    public void Save(MLContext ml, string folder)
    {
        ml.Model.SaveAtomically(chain.Model, schema, System.IO.Path.Combine(folder, Zip));
        OnnxFiles.Write(folder, chain.Network);
    }
}

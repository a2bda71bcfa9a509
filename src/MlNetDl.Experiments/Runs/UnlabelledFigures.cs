using Microsoft.ML;
using MlNetDl.Clustering;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>Figures of a test part that need no labels, of models that are trained without them.</summary>
internal static class UnlabelledFigures
{
    /// <summary>The figures; <see langword="null"/> where the model has none, and where judges tell them.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">Its data.</param>
    /// <param name="model">The whole chain.</param>
    /// <param name="network">The network in it.</param>
    /// <param name="tell">Gets told where rows do not suit the model: its training is done and is not lost.</param>
    public static IReadOnlyDictionary<string, double>? Of(
        Experiment experiment, LoadedData data, ITransformer model, NeuralNetworkTransformer network, Action<string> tell)
    {
        switch (experiment.Network)
        {
            case KMeans:
                return data.Clusters(model, network)?.Values;
            case Pca:
                return data.RowsOf(model, network, DataPart.Test) is { Count: > 0 } rows ? ComponentFigures.Of(network.Package, rows) : null;
            case LatentModel when experiment.Task is null && experiment.Judges.Count == 0:
                try
                {
                    return data.RowsOf(model, network, DataPart.Test) is { Count: > 0 } seen ? OfCodes(network, seen) : null;
                }
                catch (Exception e) when (e is ArgumentException or InvalidDataException)
                {
                    tell($"warning: the test part has no figures: {e.Message.Split(" (Parameter '")[0]}");
                    return null;
                }

            default:
                return null;
        }
    }

    // As an evaluation with one sample tells them.
    private static Dictionary<string, double> OfCodes(NeuralNetworkTransformer network, Examples rows)
    {
        using var codes = CodeModel.Of(network.Package);
        return codes is VaeModel vae
            ? new() { ["negativeElbo"] = vae.Likelihood(rows, samples: 1).NegativeElbo }
            : new() { ["squaredError"] = codes.SquaredErrors(rows).Average() };
    }
}

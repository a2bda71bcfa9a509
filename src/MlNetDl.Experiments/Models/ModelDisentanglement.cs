using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>Whether each number of a saved model's codes stands for one factor of the sprites: five scores, of the means where codes are
/// drawn.</summary>
internal static class ModelDisentanglement
{
    /// <summary>The scores by name, each 0 to 1, larger is better; and how many different images were encoded.</summary>
    /// <param name="network">The model.</param>
    /// <param name="options">Their settings.</param>
    /// <param name="stop">Cancels them.</param>
    /// <exception cref="InvalidDataException">The model does not encode sprites.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static (IReadOnlyDictionary<string, double> Figures, int Images) Of(
        NeuralNetworkTransformer network, DisentanglementOptions options, CancellationToken stop = default)
    {
        using var encoder = SavedEncoder.Of(network.Package, "The model");
        var taken = Shape.Image(1, Sprites.Side, Sprites.Side);
        if (encoder.Input != taken)
        {
            throw new InvalidDataException($"Disentanglement is judged on sprites, {taken}, but the model takes {encoder.Input}; train one on "
                + "data: { dataset: sprites }.");
        }

        int images = 0;
        var scores = new DisentanglementScorer(FactorImages.Sprites, Encode, options, stop).All();
        return (Named(scores), images);

        float[] Encode(float[] pixels, int count)
        {
            images += count;
            return encoder.Encode(new Examples(taken, pixels), stop);
        }
    }

    private static Dictionary<string, double> Named(DisentanglementScores scores) => new()
    {
        ["betaVaeScore"] = scores.BetaVae,
        ["factorVaeScore"] = scores.FactorVae,
        ["mig"] = scores.MutualInformationGap,
        ["sap"] = scores.SeparatedAttributes,
        ["dciDisentanglement"] = scores.Dci.Disentanglement,
        ["dciCompleteness"] = scores.Dci.Completeness,
        ["dciInformativeness"] = scores.Dci.Informativeness,
    };
}

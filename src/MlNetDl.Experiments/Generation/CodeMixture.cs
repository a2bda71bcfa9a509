using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>A mixture of normal distributions that is fitted to the codes of a model's training rows, to generate from.</summary>
/// <param name="Data">The data that the model was trained on. Of a data set, of an experiment's data and of a folder with a folder <c>train</c> in it
/// the training part is taken; of another folder all images, and of a table all rows.</param>
/// <param name="Options">How the mixture is fitted.</param>
public sealed record CodeMixture(NamedData Data, MixtureOptions Options)
{
    private const int AtOnce = 512;

    /// <summary>Fits it.</summary>
    /// <param name="path">The model <c>.zip</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="warn">Gets warnings of data that looks wrong.</param>
    /// <exception cref="ArgumentException">The model is told classes, or the codes do not suit the options.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    internal GaussianMixture Fit(string path, VaeModel model, Action<string>? warn)
    {
        if (model.ClassNames.Count > 0)
        {
            // Refuses the model, before any row is read.
            _ = model.FitMixture(new(model.Input, Array.Empty<float>()), Options);
        }

        var rows = ModelData.Rows(path, model.Manifest, Data, warn, DataPart.Train);
        var codes = new List<float[]>();
        for (int first = 0; first < rows.Count; first += AtOnce)
        {
            var some = Enumerable.Range(first, Math.Min(AtOnce, rows.Count - first)).Select(rows.Row);
            codes.AddRange(model.Encode(some, null).Means.Chunk(model.Latent));
        }

        return GaussianMixture.Fit(codes, Options);
    }
}

using MlNetDl.Data;

namespace MlNetDl.Generative;

/// <summary>Codes from a mixture in place of the prior, on ONNX Runtime and plain C#.</summary>
public static class MixtureSampling
{
    private const int AtOnce = 512;

    /// <summary>Fits a mixture to the codes of rows: the means of their posteriors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows that it was trained on. Their labels and weights are not read.</param>
    /// <param name="options">The settings; the defaults where <see langword="null"/>.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">The rows do not suit the model, or their codes do not suit the settings.</exception>
    public static GaussianMixture FitMixture(this VaeModel model, Examples rows, MixtureOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        if (model.ClassNames.Count > 0)
        {
            throw new ArgumentException("The model is told the class of each row, and a mixture of all codes would mix classes; draw codes from its prior "
                + "(leave the sampler out).");
        }

        var codes = new List<float[]>();
        for (int first = 0; first < model.Suited(rows).Count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            codes.AddRange(model.Encode(model.AsTrained(rows, first, Math.Min(AtOnce, rows.Count - first))).Means.Chunk(model.Latent));
        }

        return GaussianMixture.Fit(codes, options, stop);
    }

    /// <summary>Draws codes from a mixture and decodes them: rows in the units of the features, row-major.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows everywhere.</param>
    /// <param name="sampler">The mixture of its codes.</param>
    /// <exception cref="ArgumentException">The mixture is of codes of another size.</exception>
    public static float[] Generate(this VaeModel model, int count, int seed, GaussianMixture sampler)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sampler);
        if (sampler.Size != model.Latent)
        {
            throw new ArgumentException($"The mixture is of codes of {sampler.Size} values, but the model's have {model.Latent}; fit it to codes of this "
                + "model.");
        }

        return model.Decode(sampler.Sample(count, new Random(seed)));
    }
}

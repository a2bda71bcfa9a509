using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>A mixture of normal distributions that is fitted to the codes of a model's training rows, to generate from.</summary>
/// <param name="Data">The data that the model was trained on; its training part is encoded.</param>
/// <param name="Options">How the mixture is fitted.</param>
public sealed record CodeMixture(DataSource Data, MixtureOptions Options)
{
    /// <summary>Fits it.</summary>
    /// <exception cref="InvalidDataException">The data is a table.</exception>
    internal GaussianMixture Fit(VaeModel model) => Data.Read(null) is LoadedExamples data
        ? model.FitMixture(data.Parts.Train, Options)
        : throw new InvalidDataException("A mixture is fitted to codes of images and vectors; for a table, take ml.Generation().Mixture(model, rows) in C#.");
}

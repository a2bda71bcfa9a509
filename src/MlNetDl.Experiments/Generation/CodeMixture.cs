using MlNetDl.Data;
using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>A mixture of normal distributions that is fitted to the codes of a model's training rows, to generate from.</summary>
/// <param name="Data">The data that the model was trained on: a data set's name, an experiment's YAML file or a folder of images, whose training part is
/// taken, or a table, whose rows are all taken.</param>
/// <param name="Options">How the mixture is fitted.</param>
public sealed record CodeMixture(NamedData Data, MixtureOptions Options)
{
    /// <summary>Fits it.</summary>
    /// <param name="path">The model <c>.zip</c>.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    internal GaussianMixture Fit(string path, VaeModel model)
    {
        var rows = ModelData.Rows(path, model.Manifest, Data, warn: null, DataPart.Train);
        var values = new float[checked(rows.Count * model.Width)];
        for (int i = 0; i < rows.Count; i++)
        {
            model.Checked(rows.Row(i)).CopyTo(values, i * model.Width);
        }

        return model.FitMixture(new Examples(model.Input, values), Options);
    }
}

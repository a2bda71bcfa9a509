using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>New rows of a saved generative model as a file: images as one picture (<c>.png</c>), others as a table (<c>.csv</c>).</summary>
public static class GeneratedRows
{
    /// <summary>Draws rows and writes them.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="output">The file, <c>.png</c> or <c>.csv</c>; without an extension, the one that suits the rows.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="seed">The same seed gives the same rows everywhere.</param>
    /// <param name="condition">The class of the rows, by its name; without one a model that is told classes makes rows of all of them in turn.</param>
    /// <param name="mixture">What codes are drawn from; the model's prior where <see langword="null"/>.</param>
    /// <param name="warn">Gets warnings of the mixture's data that looks wrong.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, its rows do not suit the file, or it does not know the
    /// class.</exception>
    /// <exception cref="InvalidDataException">The data of the mixture does not suit the model.</exception>
    public static string Write(
        string model, string output, int count, int seed, string? condition = null, CodeMixture? mixture = null, Action<string>? warn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var vae = VaeModel.Of(ModelFile.Read(model));
        var file = new RowFile(output, vae);
        var rows = mixture is null ? vae.Generate(count, seed, condition) : vae.Generate(count, seed, mixture.Fit(model, vae, warn));
        var classes = vae.ClassesOf(count, condition);
        file.Write(rows, (int)Math.Ceiling(Math.Sqrt(count)), classes is null ? [] : [(vae.Manifest.LabelColumn, row => vae.ClassNames[classes[row]])]);
        return file.Path;
    }
}

using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>New rows of a saved generative model as a file: images as one picture (<c>.png</c>), others as a table (<c>.csv</c>).</summary>
public static class GeneratedRows
{
    /// <summary>Draws rows and writes them.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="output">The file, <c>.png</c> or <c>.csv</c>.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="seed">The same seed gives the same rows everywhere.</param>
    /// <param name="condition">The class of the rows, by its name; without one a model that is told classes makes rows of all of them in turn.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, its rows do not suit the file, or it does not know the
    /// class.</exception>
    public static void Write(string model, string output, int count, int seed, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var package = ModelFile.Read(model);
        using var vae = VaeModel.Of(package);
        bool isPicture = RowFile.IsPicture(output, vae.Input);
        var rows = vae.Generate(count, seed, condition);
        if (isPicture)
        {
            SampleSheet.Write(output, rows, vae.Input, (int)Math.Ceiling(Math.Sqrt(count)), vae.Peak);
        }
        else
        {
            RowFile.WriteTable(output, package.Manifest, rows, (int)vae.Input.ElementsPerExample());
        }
    }
}

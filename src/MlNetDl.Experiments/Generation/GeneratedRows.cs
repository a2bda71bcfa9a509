using System.Globalization;
using MlNetDl.Files;
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
    /// <param name="mixture">What codes are drawn from; the model's prior where <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, or its rows do not suit the file.</exception>
    /// <exception cref="InvalidDataException">The data of the mixture does not suit the model.</exception>
    public static void Write(string model, string output, int count, int seed, CodeMixture? mixture = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var package = ModelFile.Read(model);
        using var vae = VaeModel.Of(package);
        bool isPicture = Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".png" => true,
            ".csv" => false,
            var other => throw new ArgumentException($"'{output}' ends with '{other}'; give a .png for images or a .csv for rows of values."),
        };
        if (isPicture && !SampleSheet.CanDraw(vae.Input))
        {
            throw new ArgumentException($"The model makes rows of {vae.Input.ElementsPerExample()} values and no images; write them to a .csv.");
        }

        var rows = mixture is null ? vae.Generate(count, seed) : vae.Generate(count, seed, mixture.Fit(vae));
        if (isPicture)
        {
            SampleSheet.Write(output, rows, vae.Input, (int)Math.Ceiling(Math.Sqrt(count)), vae.Peak);
            return;
        }

        int width = (int)vae.Input.ElementsPerExample();
        var names = package.Manifest.FeatureNames is { Count: var known } given && known == width
            ? given.Select(Quoted)
            : Enumerable.Range(0, width).Select(i => $"value{(i + 1).ToString(CultureInfo.InvariantCulture)}");
        AtomicFile.WriteText(output, string.Join(',', names) + "\n" + string.Concat(rows.Chunk(width)
            .Select(row => string.Join(',', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "\n")));
    }

    private static string Quoted(string name) => name.AsSpan().ContainsAny("\",\r\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}

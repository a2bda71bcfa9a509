using MlNetDl.Layers.Contracts;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>What is said of data whose rows are not those of a model: what the model takes, and how that is given.</summary>
internal static class OtherRows
{
    /// <summary>Whether a model takes vectors that are no rows of a table: codes of another model, mostly.</summary>
    public static bool TakesCodes(ModelManifest manifest) =>
        manifest is { Image: null, FeatureNames: null, Input: { Rank: 2, Type: ElementType.Float32 } input } && input.Dims[1].Size is not null;

    /// <summary>Refuses examples of a known size that the model does not take.</summary>
    /// <param name="manifest">The model's.</param>
    /// <param name="examples">The shape of the examples.</param>
    /// <param name="data">The data set's name.</param>
    /// <exception cref="InvalidDataException">They are of another size.</exception>
    public static void Refuse(ModelManifest manifest, Shape examples, string data)
    {
        var input = manifest.Input;
        if (input.Type != ElementType.Float32 || input.Dims.Concat(examples.Dims).Count(d => d.Size is null) > 2
            || input.ElementsPerExample() == examples.ElementsPerExample())
        {
            return;
        }

        throw new InvalidDataException($"The data set '{data}' has rows {examples}, but the model takes {input}"
            + (TakesCodes(manifest) ? $".{Codes($"dataset: {data}")}"
                : manifest.Image is null ? "; name data of that form."
                : "; name a folder of images, which are scaled, or an experiment's YAML file whose data.size says the size."));
    }

    /// <summary>The problem of a folder of images, or of one image, for a model that takes none.</summary>
    /// <param name="manifest">The model's.</param>
    /// <param name="data">The folder or the file.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public static InvalidDataException OfImages(ModelManifest manifest, string data, bool isFolder = true) => new(
        $"'{data}' is {(isFolder ? "a folder of images" : "an image")}, but the model takes "
            + (TakesCodes(manifest)
                ? $"vectors of {manifest.Input.ElementsPerExample()} values and no images.{Codes(isFolder ? $"folder: {data}" : "folder: IMAGES")}"
                : "rows of a table."));

    /// <summary>The problem of a table for a model that takes vectors.</summary>
    public static InvalidDataException OfTable(ModelManifest manifest, string data) => new(
        $"'{data}' is a table, but the model takes vectors of {manifest.Input.ElementsPerExample()} values and no columns of a table."
            + Codes("dataset: NAME"));

    private static string Codes(string of) => " If these are codes of another model, give an experiment's YAML file with "
        + $"data: {{ codes: ENCODER.zip, of: {{ {of} }} }}, such as config.resolved.yaml in the folder of the model's run.";
}

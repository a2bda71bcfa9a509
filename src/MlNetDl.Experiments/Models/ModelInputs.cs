using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Files;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>A column that a saved model takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds: <c>numbers</c>, <c>words</c>, or ML.NET's name of another type.</param>
/// <param name="Categories">The number of categories that the model knows, where each word is a category; else <see
/// langword="null"/>.</param>
public sealed record ModelInput(string Name, string Kind, int? Categories);

/// <summary>Inputs of a saved model.</summary>
public static class ModelInputs
{
    /// <summary>The columns of the rows that a model <c>.zip</c> takes, without its label; empty where its file does
    /// not say, as for images.</summary>
    /// <exception cref="ModelFormatException">The file is no model, or is damaged.</exception>
    /// <exception cref="InvalidOperationException">ML.NET cannot load its chain, such as one with a part that this
    /// process does not know.</exception>
    public static IReadOnlyList<ModelInput> Of(string model)
    {
        var manifest = ModelFile.Read(model).Manifest;
        if (manifest.Image is not null)
        {
            return [];
        }

        var chain = SavedChain.Load(new(), model, out var schema);
        if (schema is null)
        {
            return [];
        }

        var known = KnownWords.Of(chain.GetOutputSchema(schema));
        return [.. schema.Where(c => c.Name != manifest.LabelColumn).Select(c => new ModelInput(c.Name, Kind(c.Type), Categories(c)))];

        int? Categories(DataViewSchema.Column column) =>
            column.Type is TextDataViewType && known.TryGetValue(column.Name, out var words) ? words.Count : null;
    }

    private static string Kind(DataViewType type) => type switch
    {
        NumberDataViewType => "numbers",
        TextDataViewType => "words",
        VectorDataViewType { ItemType: NumberDataViewType, IsKnownSize: true } vector => $"vectors of {vector.Size} numbers",
        _ => type.ToString()!,
    };
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>Labels of rows as a saved model numbers them.</summary>
internal static class SavedLabels
{
    private const int NamedClasses = 5;

    /// <summary>The rows with the label as a training of the model needs it: classes by name become keys in the model's
    /// order.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="rows">Rows with the label's column.</param>
    /// <param name="manifest">The model's.</param>
    /// <exception cref="InvalidDataException">The rows have a class that the model does not know.</exception>
    public static IDataView Keyed(MLContext ml, IDataView rows, ModelManifest manifest)
    {
        var label = manifest.LabelColumn;
        if (manifest.Task is not { Label.IsClassIndex: true } || rows.Schema[label].Type is not TextDataViewType)
        {
            return rows;
        }

        var unknown = rows.GetColumn<ReadOnlyMemory<char>>(label).Where(n => n.Length > 0).Select(n => n.ToString())
            .Where(n => !manifest.ClassNames.Contains(n)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidDataException($"The data has the classes {string.Join(", ", unknown.Take(NamedClasses).Select(n => $"'{n}'"))}"
                + $"{(unknown.Count > NamedClasses ? ", …" : "")} in column '{label}', which the model does not know; its classes are "
                + $"{string.Join(", ", manifest.ClassNames)}.");
        }

        var keys = ml.Data.LoadFromEnumerable(manifest.ClassNames.Select(n => new ClassName { Name = n }));
        return ml.Transforms.Conversion.MapValueToKey(label, keyData: keys).Fit(rows).Transform(rows);
    }

    private sealed class ClassName
    {
        public string Name { get; set; } = "";
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>Reads a table as the input of a saved model.</summary>
internal static class TableInput
{
    /// <summary>The rows with the columns that the model takes. The label may be missing, because the model does not
    /// predict from it.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="table">The table.</param>
    /// <param name="schema">What the model takes; with the label where its chain maps that.</param>
    /// <param name="manifest">The model's.</param>
    /// <param name="labelFrom">The table's column that is read as the label; <see langword="null"/> where no label
    /// is asked for.</param>
    /// <exception cref="InvalidDataException">A column is missing, or holds words where the model takes
    /// numbers.</exception>
    public static IDataView Load(MLContext ml, Table table, DataViewSchema schema, ModelManifest manifest, string? labelFrom)
    {
        var label = manifest.LabelColumn;
        var names = table.Columns.Select(c => c.Name).ToList();
        var columns = new List<TextLoader.Column>();
        table.MustBeComplete(schema.Where(c => c.Type is NumberDataViewType && c.Name != label).Select(c => c.Name), null);
        foreach (var wanted in schema)
        {
            Add(wanted.Name, wanted.Type switch
            {
                NumberDataViewType => DataKind.Single,
                BooleanDataViewType => DataKind.Boolean,
                _ => DataKind.String,
            });
        }

        if (labelFrom is not null && schema.GetColumnOrNull(label) is null)
        {
            // Without a task, it is a class that the model is told.
            Add(label, manifest.Task is null ? DataKind.String : ScoredTask.Of(manifest).Label.TextKind);
        }

        return table.Load(ml, columns);

        void Add(string name, DataKind kind)
        {
            int index = names.IndexOf(name == label ? labelFrom ?? label : name);
            if (index < 0 && name != label)
            {
                throw new InvalidDataException($"'{table.Path}' has no column '{name}', which the model takes; it has: "
                    + $"{string.Join(", ", names)}.");
            }

            if (index >= 0 && kind == DataKind.Single && !table.Columns[index].IsNumber)
            {
                throw new InvalidDataException(table.HoldsWords(table.Columns[index], "the model takes numbers"));
            }

            // In place of a label that is not there any column will do.
            columns.Add(new(name, kind, Math.Max(0, index)));
        }
    }
}

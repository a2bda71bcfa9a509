using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>Reads a table as the input of a saved model.</summary>
internal static class TableInput
{
    /// <summary>The rows with the columns that the model takes. The label may be missing: nothing predicts from it.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="table">The table.</param>
    /// <param name="schema">What the model takes.</param>
    /// <param name="label">The model's label column.</param>
    /// <param name="labelFrom">The table's column that is read as the label; the one of the same name by default.</param>
    /// <exception cref="InvalidDataException">A column is missing, or holds words where the model takes numbers.</exception>
    public static IDataView Load(MLContext ml, Table table, DataViewSchema schema, string label, string? labelFrom = null)
    {
        var columns = new List<TextLoader.Column>();
        table.MustBeComplete(schema.Where(c => c.Type is NumberDataViewType && c.Name != label).Select(c => c.Name), null);
        foreach (var wanted in schema)
        {
            int index = table.Columns.Select(c => c.Name).ToList().IndexOf(wanted.Name == label ? labelFrom ?? label : wanted.Name);
            if (index < 0 && wanted.Name != label)
            {
                throw new InvalidDataException($"'{table.Path}' has no column '{wanted.Name}', which the model takes; it has: {string.Join(", ", table.Columns.Select(c => c.Name))}.");
            }

            var kind = wanted.Type switch
            {
                NumberDataViewType => DataKind.Single,
                BooleanDataViewType => DataKind.Boolean,
                _ => DataKind.String,
            };
            if (index >= 0 && kind == DataKind.Single && !table.Columns[index].IsNumber)
            {
                throw new InvalidDataException(table.HoldsWords(table.Columns[index], "the model takes numbers"));
            }

            // In place of a label that is not there any column will do.
            columns.Add(new(wanted.Name, kind, Math.Max(0, index)));
        }

        return table.Load(ml, columns);
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Models;
using MlNetDl.Tasks;

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
    /// <param name="needs">What the model's chain needs of its columns.</param>
    /// <param name="positive">The label that means yes; <see langword="null"/> for the usual ones.</param>
    /// <param name="separator">What stands between several labels of a row; <see langword="null"/> for the usual one.</param>
    public static IDataView Load(
        MLContext ml,
        Table table,
        DataViewSchema schema,
        ModelManifest manifest,
        string? labelFrom,
        TableNeeds needs,
        string? positive,
        string? separator)
    {
        var label = manifest.LabelColumn;
        var names = table.Columns.Select(c => c.Name).ToList();
        var columns = new List<TableViewColumn>();
        var gaps = table.Columns.Where(c => c.Gap is not null).Select(c => c.Name).ToHashSet();
        var numbers = schema.Where(c => c.Type is NumberDataViewType && c.Name != label).Select(c => c.Name).ToList();
        table.MustBeComplete(numbers, null, [.. numbers.Where(gaps.Contains).Where(needs.Fills)]);
        foreach (var wanted in schema)
        {
            Add(wanted.Name, wanted.Type switch
            {
                NumberDataViewType => DataKind.Single,
                BooleanDataViewType => DataKind.Boolean,
                _ => DataKind.String,
            });
        }

        if (labelFrom is not null && manifest.Task is { Label: LabelSet })
        {
            var labels = RowLabels.In(table, labelFrom, manifest.ClassNames, separator) ?? throw new InvalidDataException(
                $"'{table.Path}' has neither a column '{labelFrom}' with the labels of each row nor a column for each label "
                + $"({string.Join(", ", manifest.ClassNames)}).");
            columns.Add(new(label, DataKind.Single, labels.Columns[0]) { Labels = labels });
        }
        else if (labelFrom is not null && schema.GetColumnOrNull(label) is null)
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

            if (index >= 0 && kind == DataKind.String && name != label)
            {
                MustBeDates(table, table.Columns[index], needs);
            }

            if (index >= 0 && kind == DataKind.Boolean && labelFrom is not null)
            {
                MustSayYesOrNo(table, table.Columns[index], positive);
            }

            // Categories that look like dates are words to the model.
            if (index >= 0 && kind == DataKind.String && table.Columns[index].Dates is not null && !needs.TakesDates(name))
            {
                columns.Add(new(name, kind, table.Columns[index].AsWords));
                return;
            }

            // In place of a label that is not there any column will do.
            columns.Add(new(name, kind, table.Columns[Math.Max(0, index)], positive));
        }
    }

    private static void MustSayYesOrNo(Table table, TableColumn column, string? positive)
    {
        var words = column.Counts.Keys.ToList();
        if (positive is null ? !column.IsBoolean : words.Count > 2 || !words.Contains(positive)
            && (words.Count == 2 || words.Exists(w => w.Equals(positive, StringComparison.OrdinalIgnoreCase))))
        {
            var some = string.Join(", ", words.Take(3).Select(w => $"'{TableFormat.Shortened(w)}'"));
            throw new InvalidDataException($"'{table.Path}': column '{column.Name}' has {some}, but " + (positive is null
                ? "the model predicts yes or no. Name the word that means yes: --positive WORD."
                : $"'{positive}' is to be one of two words."));
        }
    }

    // Only what is taken for dates can be amiss: other words are words.
    private static void MustBeDates(Table table, TableColumn column, TableNeeds needs)
    {
        bool hasOthers = column.Dates is null && column.Values > 0;
        if ((!hasOthers && column.Missing == 0) || !needs.TakesDates(column.Name))
        {
            return;
        }

        if (hasOthers)
        {
            var (line, word) = column.FirstWords.Count > 0 ? column.FirstWords[0] : (0, column.Counts.Keys.First());
            throw new InvalidDataException($"'{table.Path}', line {line}: column '{column.Name}' has '{TableFormat.Shortened(word)}' among others, but "
                + "the model takes dates there, all written in one way, such as 2025-04-03 or 2025-04-03T13:45.");
        }

        if (column.Gap is var (gap, _) && !needs.Fills(column.Name))
        {
            throw new InvalidDataException($"'{table.Path}', line {gap}: column '{column.Name}' is empty, but the model takes a date there; fill it in, "
                + "or drop the row.");
        }
    }
}

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Reads a table into its parts and refuses what does not suit: numbers as they are, words
/// to be one-hot.</summary>
internal sealed class CsvRows(CsvData source, LearningTask? task)
{
    private readonly Table table = Table.Read(source.Csv).With(source.Numeric, source.Categorical);
    private readonly Table? held = source.TestCsv is { } path ? Table.Read(path).With(source.Numeric, source.Categorical) : null;

    /// <summary>The parts.</summary>
    /// <exception cref="InvalidDataException">The table and what is said of it do not suit each other.</exception>
    public LoadedRows Load()
    {
        CheckNames("ignore", source.Ignore);
        CheckNames("numeric", source.Numeric);
        CheckNames("categorical", source.Categorical);
        if (source.Numeric.FirstOrDefault(source.Categorical.Contains) is { } both)
        {
            throw new InvalidDataException($"data.numeric and data.categorical both name '{both}'; it cannot be both.");
        }

        var kind = LabelKind();
        var features = FeatureColumns();
        table.MustBeComplete(features.Select(c => c.Name), source.Label);
        // A context of its own: the split must not depend on the training's seed.
        var ml = new MLContext(seed: 0);
        var all = table.Load(ml, source.Label, kind, source.Ignore);
        var (train, test) = held is null ? Split(ml, all) : (all, TestRows(ml, held, kind, features));
        return new(task, train, test, source.Label, Warnings(features));
    }

    // What learns without labels needs them in one of the tables at most.
    private IDataView TestRows(MLContext ml, Table other, DataKind labelKind, List<TableColumn> features)
    {
        var matched = other.MustMatch(table, task is { LearnsFromLabels: false } ? source.Label : null);
        matched.MustBeComplete(features.Select(c => c.Name), source.Label);
        return matched.Load(ml, source.Label, labelKind, source.Ignore);
    }

    private (IDataView Train, IDataView Test) Split(MLContext ml, IDataView all)
    {
        var split = ml.Data.TrainTestSplit(all, source.TestFraction, seed: 0);
        if (split.TestSet.Preview(1).RowView.Length == 0 || split.TrainSet.Preview(1).RowView.Length == 0)
        {
            var share = source.TestFraction.ToString("0.##", CultureInfo.InvariantCulture);
            throw new InvalidDataException($"Holding out {share} of the few rows of '{table.Path}' leaves one part empty; use more rows, "
                + "another data.testFraction, or data.testCsv.");
        }

        return (split.TrainSet, split.TestSet);
    }

    // Columns of which most values are numbers, and which words have made one of categories; columns in which every row
    // has another word.
    private string[] Warnings(List<TableColumn> features)
    {
        var seen = features.Where(c => !c.IsNumber && !source.Categorical.Contains(c.Name)).ToList();
        return
        [
            .. seen.Where(c => c.Numbers > c.Words && c.Words > 0).Select(FewWords),
            .. seen.Where(c => c.NamesRows && c.Words > c.Numbers).Select(c =>
                $"{(c.DifferentWords == c.ComparedWords ? "every" : "nearly every")} row has another value in column '{c.Name}', which is "
                    + $"taken for categories: did you mean data.ignore: [{c.Name}]?"),
        ];
    }

    private static string FewWords(TableColumn column)
    {
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"{column.Numbers:N0} of its values are numbers, {column.Words:N0} {(column.Words == 1 ? "is not" : "are not")}");
        var first = string.Join(", ", column.FirstWords.Select(w => $"'{w.Text}' in line {w.Line}"));
        return $"column '{column.Name}' is taken for categories: {counts} ({first}"
            + $"{(column.Words > column.FirstWords.Count ? ", …" : "")}). Correct them; or say what it is: "
            + $"data.numeric: [{column.Name}] makes a word an error, data.categorical: [{column.Name}] means it so.";
    }

    // The type that the label is read as; text where there is no label or no task.
    private DataKind LabelKind()
    {
        if (source.Label is null)
        {
            return DataKind.String;
        }

        var label = LabelIn(table) ?? (task is { LearnsFromLabels: false } && held is not null ? LabelIn(held) : null)
            ?? throw new InvalidDataException(task is { LearnsFromLabels: false }
                ? $"No column '{source.Label}' says which rows are strange: '{table.Path}' has {Names()}. Leave data.label out where none says it; "
                    + "all rows count as normal then."
                : $"'{table.Path}' has no column '{source.Label}' to predict; it has: {Names()}.");
        var kind = task?.Label.TextKind ?? DataKind.String;
        if (kind == DataKind.String || label.IsNumber || (kind == DataKind.Boolean && label.IsBoolean))
        {
            return kind;
        }

        var expected = kind == DataKind.Boolean ? "0 and 1, or true and false" : "numbers";
        throw new InvalidDataException($"Column '{source.Label}' of '{table.Path}' holds words; "
            + $"{ScoredTask.NameOf(task!)} needs {expected}.{(task!.LearnsFromLabels ? " For classes, write task: multiclass." : "")}");
    }

    private TableColumn? LabelIn(Table one) => one.Columns.FirstOrDefault(c => c.Name == source.Label);

    private void CheckNames(string key, ValueList<string> names)
    {
        if (names.FirstOrDefault(name => table.Columns.All(c => c.Name != name)) is { } unknown)
        {
            throw new InvalidDataException($"data.{key} names '{unknown}', which is no column of '{table.Path}'; it has: {Names()}.");
        }

        if (source.Label is { } label && names.Contains(label))
        {
            var why = key == "ignore" ? "it cannot be both" : "its kind follows from the task";
            throw new InvalidDataException($"data.{key} names '{label}', which is the label; {why}.");
        }
    }

    private List<TableColumn> FeatureColumns()
    {
        var features = table.Columns.Where(c => c.Name != source.Label && !source.Ignore.Contains(c.Name)).ToList();
        if (features.Count == 0)
        {
            throw new InvalidDataException(
                $"'{table.Path}' has no feature columns beside the label '{source.Label}' and the ignored ones.");
        }

        return features;
    }

    private string Names() => string.Join(", ", table.Columns.Select(c => c.Name));
}

using System.Globalization;
using Microsoft.ML;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Reads a table into its parts and refuses what does not suit: numbers as they are, words
/// to be one-hot.</summary>
internal sealed class CsvRows(CsvData source, LearningTask? task)
{
    private readonly Table table = Table.Read(source.Csv, source.Options).With(source.Numeric, Words(source));

    /// <summary>The parts.</summary>
    /// <exception cref="InvalidDataException">The table and what is said of it do not suit each other.</exception>
    public LoadedRows Load()
    {
        CheckNames("ignore", source.Ignore);
        CheckNames("labels", source.Labels);
        CheckNames("missingIn", [.. source.MissingIn?.Keys ?? Enumerable.Empty<string>()]);
        CheckNames("numeric", source.Numeric);
        CheckNames("categorical", source.Categorical);
        CheckNames("text", source.Text);
        if (source.Numeric.Concat(source.Categorical).Concat(source.Text).GroupBy(n => n).FirstOrDefault(g => g.Skip(1).Any()) is { Key: var both })
        {
            throw new InvalidDataException($"Two of data.numeric, data.categorical and data.text name '{both}'; it cannot be both.");
        }

        var features = FeatureColumns();
        var whole = Complete(table, features, rows => rows);
        Table? Beside(string? path) => path is null ? null : Table.Read(path, whole.Hint(source.Options)).With(source.Numeric, Words(source));
        var held = Beside(source.TestCsv);
        var label = new TableLabel(whole, held, source, task);
        // A context of its own: the split must not depend on the training's seed.
        var ml = new MLContext(seed: 0);
        IDataView Rows(Table rows, RowPart? part = null) => label.Load(ml, rows, part);
        IDataView train, test;
        Func<DataPart, IEnumerable<long>> lines;
        if (held is null)
        {
            var (kept, left) = Split(whole, label);
            (train, test) = (Rows(whole, kept), Rows(whole, left));
            lines = part => (part == DataPart.Test ? left : kept).Of(whole.Rows()).Select(row => row.Line);
        }
        else
        {
            var other = Matched(held);
            (train, test) = (Rows(whole), Rows(other));
            lines = part => (part == DataPart.Test ? other : whole).Rows().Select(row => row.Line);
        }

        var validation = Beside(source.Validation?.Path) is { } validating ? Matched(validating) : null;
        label.MustKnowClasses(validation);
        return new(task, train, test, label.Name, [.. label.Warnings, .. ColumnWarnings.Of(features, NoDoubt(features))])
        {
            Validation = validation is null ? null : Rows(validation),
            Notes = [.. whole.Notes, .. Texts(features), .. Filled(whole, features), .. label.Notes],
            LinesOf = lines,
            TableFeatures = new(features, PolicyOf, IsText),
            LabelWords = (label.Positive, label.Separator),
        };

        // What learns without labels needs them in one of the tables at most.
        Table Matched(Table beside)
        {
            var other = Complete(beside, features, rows => rows.MustMatch(table, task is { LearnsFromLabels: false } ? source.Label : null));
            label.MustSuit(other);
            return other;
        }
    }

    private bool IsText(TableColumn column) => source.Text.Contains(column.Name)
        || (column.LooksLikeText && !source.Categorical.Contains(column.Name) && source.Model is null);

    private IEnumerable<string> Texts(List<TableColumn> features) => features.Where(c => IsText(c) && !source.Text.Contains(c.Name)).Select(c =>
        $"column '{c.Name}' read as texts, whose words are features; data.categorical: [{c.Name}] takes each value for a category");

    private MissingValues PolicyOf(string column) => source.MissingIn is { } columns && columns.TryGetValue(column, out var own) ? own : source.Missing;

    // What is taken for texts is said.
    private List<string> NoDoubt(List<TableColumn> features) => [.. source.Categorical, .. features.Where(IsText).Select(c => c.Name)];

    private static List<string> Words(CsvData source) => [.. source.Categorical, .. source.Text];

    private bool IsFilled(string column) => PolicyOf(column) is not MissingValues.Error || source.Model?.Needs.Fills(column) == true;

    private Table Complete(Table rows, List<TableColumn> features, Func<Table, Table> matched)
    {
        // A row may have no label where it may have several.
        var label = task is { Label: LabelSet } ? null : source.Label;
        var wanted = features.Select(c => c.Name).Append(label).OfType<string>().ToList();
        rows = matched(rows);
        var complete = rows.Dropping([.. wanted.Where(name => PolicyOf(name) == MissingValues.Drop)]);
        complete = ReferenceEquals(complete, rows) ? rows : matched(complete.With(source.Numeric, Words(source)));
        complete.MustBeComplete(
            features.Select(c => c.Name), label, [.. features.Select(c => c.Name).Where(IsFilled)]);
        source.Model?.Form.MustSuit(complete);
        return complete;
    }

    // Values that are not there, and what takes their place.
    private IEnumerable<string> Filled(Table rows, List<TableColumn> features)
    {
        var wanted = features.Select(c => c.Name).ToHashSet();
        var gaps = rows.Columns.Where(c => wanted.Contains(c.Name) && c.Missing > 0).ToList();
        return gaps.Count == 0 ? [] : [$"missing values: {string.Join(", ", gaps.Select(c =>
            string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Missing:N0} (from line {c.FirstMissing}, {Place(c)})")))}"];

        string Place(TableColumn column) => PolicyOf(column.Name) switch
        {
            _ when source.Model is not null => "filled in as the model does",
            _ when IsText(column) => "no words",
            MissingValues.Mode => "the most frequent value in their place",
            _ when !column.IsNumber && column.Dates is null => "a category of their own",
            MissingValues.Indicator => "the mean in their place, and a feature that says so",
            var policy => $"the {policy.ToString().ToLowerInvariant()} in their place",
        };
    }

    private (RowPart Train, RowPart Test) Split(Table rows, TableLabel label)
    {
        var split = RowPart.Split(label.ClassesOf(rows), source.TestFraction, seed: 0);
        if (split.Train.Count == 0 || split.Test.Count == 0)
        {
            var share = source.TestFraction.ToString("0.##", CultureInfo.InvariantCulture);
            throw new InvalidDataException($"Holding out {share} of the few rows of '{table.Path}' leaves one part empty; use more rows, "
                + "another data.testFraction, or data.testCsv.");
        }

        return split;
    }

    private void CheckNames(string key, IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => table.Columns.All(c => c.Name != name)) is { } unknown)
        {
            throw new InvalidDataException($"data.{key} names '{unknown}', which is no column of '{table.Path}'; it has: {Names()}.");
        }

        if (key == "ignore" && names.FirstOrDefault(n => n == source.Label || source.Labels.Contains(n)) is { } label)
        {
            throw new InvalidDataException($"data.{key} names '{label}', which is {(label == source.Label ? "the" : "a")} label; it cannot be both.");
        }
    }

    private List<TableColumn> FeatureColumns()
    {
        var features = table.Columns.Where(c => c.Name != source.Label && !source.Labels.Contains(c.Name) && !source.Ignore.Contains(c.Name)).ToList();
        if (features.Count == 0)
        {
            throw new InvalidDataException(
                $"'{table.Path}' has no feature columns beside {(source.Label is null ? "the labels" : $"the label '{source.Label}'")} and the ignored ones.");
        }

        return features;
    }

    private string Names() => string.Join(", ", table.Columns.Select(c => c.Name));
}

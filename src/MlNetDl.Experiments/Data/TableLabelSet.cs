using System.Globalization;
using Microsoft.ML.Data;
using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>The label of a table whose rows may have several: which there are, and whether they suit.</summary>
internal sealed class TableLabelSet
{
    // Sets of labels in fewer rows are not kept apart by a split.
    private const int FewRows = 5;
    private const int Many = 20, NamedRare = 5;

    private readonly CsvData source;
    private readonly List<string> notes = [], warnings = [];

    /// <summary>Looks at the labels.</summary>
    /// <param name="table">The table to train on.</param>
    /// <param name="source">What is said of it.</param>
    /// <exception cref="InvalidDataException">They do not suit, or that is doubtful.</exception>
    public TableLabelSet(Table table, CsvData source)
    {
        this.source = source;
        Separator = source.Labels.Count > 0 ? null : source.LabelSeparator ?? source.Model?.Form.LabelSeparator ?? RowLabels.Usual;
        if (Separator is null && table.Columns.Any(c => c.Name == Name && !source.Labels.Contains(c.Name) && !source.Ignore.Contains(c.Name)))
        {
            throw new InvalidDataException($"'{table.Path}' has a column '{Name}', which is what mldl calls the columns of data.labels together; rename it, or "
                + "name it in data.ignore.");
        }

        var columns = ColumnsIn(table);
        columns.ForEach(table.MustHaveValues);
        Names = source.Model?.Labels is { Count: > 0 } known ? known : Separator is null ? source.Labels
            : table.Rows().SelectMany(r => RowLabels.Words(r.Fields[columns[0].Place], Separator)).Distinct().Order(StringComparer.Ordinal).ToValueList();
        if (Names.Count == 0)
        {
            throw new InvalidDataException($"No row of '{table.Path}' has a label in column '{source.Label}'; there is nothing to learn.");
        }

        if (Names.FirstOrDefault(n => n.Contains(RowLabels.Usual, StringComparison.Ordinal)) is { } unclear)
        {
            var other = Separator is null or RowLabels.Usual ? "" : ", or write data.labelSeparator: '|' where that stands between labels";
            throw new InvalidDataException($"The label '{unclear}' of '{table.Path}' has '{RowLabels.Usual}' in it, which stands between labels in "
                + $"predictions; rename it{other}.");
        }

        In(table).MustBeKnown(table, source.Model is null ? "which is none of" : "which the model does not know; its labels are");
        Look(table);
    }

    /// <summary>The name of the vector of labels.</summary>
    public string Name => source.Labels.Count > 0 ? RowLabels.Together : source.Label!;

    /// <summary>The labels, in the order of their vector.</summary>
    public ValueList<string> Names { get; }

    /// <summary>What stands between labels in a field; <see langword="null"/> where each has a column.</summary>
    public string? Separator { get; }

    /// <summary>What is said of them.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>What looks wrong.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>The labels of another table, or of this.</summary>
    public RowLabels In(Table table) => new(Names, ColumnsIn(table), Separator);

    /// <summary>Refuses a table that has other labels.</summary>
    public void MustSuit(Table other) => In(other).MustBeKnown(other, "which no row to train on has; there are");

    /// <summary>The set of labels of each row, which a split keeps where it is in some rows.</summary>
    public IReadOnlyList<string> SetsOf(Table table)
    {
        var labels = In(table);
        List<string> sets = [.. table.Rows().Select(r => string.Join('\n', labels.Of(r.Fields)))];
        var sizes = sets.CountBy(s => s).ToDictionary();
        return [.. sets.Select(s => sizes[s] < FewRows ? "" : s)];
    }

    /// <summary>The columns of the view: features as they are, and the vector of labels.</summary>
    public IReadOnlyList<TableViewColumn> ColumnsOf(Table table)
    {
        var labels = In(table);
        var features = table.Columns.Where(c => !labels.Columns.Contains(c) && !source.Ignore.Contains(c.Name));
        return
        [
            .. features.Select(c => new TableViewColumn(c.Name, c.IsNumber ? DataKind.Single : DataKind.String, c)),
            new(Name, DataKind.Single, labels.Columns[0]) { Labels = labels },
        ];
    }

    private List<TableColumn> ColumnsIn(Table table) => [.. (source.Labels.Count > 0 ? source.Labels : [source.Label!]).Select(name =>
        table.Columns.FirstOrDefault(c => c.Name == name) ?? throw new InvalidDataException(
            $"'{table.Path}' has no column '{name}' to predict"
            + $"{(name == RowLabels.Together ? " (the labels of a row), and not one for each label" : "")}; it has: "
            + $"{string.Join(", ", table.Columns.Select(c => c.Name))}."))];

    private void Look(Table table)
    {
        var labels = In(table);
        var (counts, flags) = (new long[Names.Count], new float[Names.Count]);
        long rows = 0, without = 0, several = 0;
        foreach (var row in table.Rows())
        {
            labels.Read(row.Fields, flags);
            int count = 0;
            for (int i = 0; i < flags.Length; i++)
            {
                counts[i] += (long)flags[i];
                count += (int)flags[i];
            }

            rows++;
            without += count == 0 ? 1 : 0;
            several += count > 1 ? 1 : 0;
        }

        if (Separator is not null && source.Model is null)
        {
            MustBeLabels(table, rows, several);
        }

        string Some(IEnumerable<int> some) => string.Join(", ", some.Select(i => string.Create(CultureInfo.InvariantCulture, $"{Names[i]} {counts[i]:N0}")));
        notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{Names.Count:N0} labels{(Separator is null ? "" : $" of '{Name}'")}, rows with each: {Some(Enumerable.Range(0, Math.Min(Many, Names.Count)))}"
            + $"{(Names.Count > Many ? ", …" : "")}; {several:N0} rows have several, {without:N0} none"));
        var rare = Enumerable.Range(0, Names.Count).Where(i => counts[i] < FewRows).ToList();
        if (rare.Count > 0)
        {
            warnings.Add($"{TableFormat.Counted(rare.Count, "label")} of '{Name}' {(rare.Count == 1 ? "is" : "are")} in fewer than {FewRows} rows: "
                + $"{Some(rare.Take(NamedRare))}{(rare.Count > NamedRare ? ", …" : "")}; nothing can be learnt or told of them for sure.");
        }

        if (Enumerable.Range(0, Names.Count).Where(i => counts[i] == rows).ToList() is { Count: > 0 } everywhere)
        {
            warnings.Add($"Every row has the label {Some(everywhere.Take(NamedRare))}; there is nothing to learn of it.");
        }
    }

    private void MustBeLabels(Table table, long rows, long several)
    {
        if (several == 0)
        {
            throw new InvalidDataException($"No row of '{table.Path}' has two labels with '{Separator}' between them in column '{Name}'. Write "
                + "task: multiclass where a row has one; or data.labelSeparator where something else stands between them.");
        }

        if (Names.Count > Many && Names.Count > rows / 2)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Column '{Name}' of '{table.Path}' has {Names.Count:N0} different labels in {rows:N0} rows: are these labels that come again? ")
                + $"Check data.label and data.labelSeparator ('{Separator}').");
        }

        if (RowLabels.Compound([.. Names]) is { } compound)
        {
            throw new InvalidDataException($"Column '{Name}' of '{table.Path}' has the label '{TableFormat.Shortened(compound)}', which seems to be several, "
                + $"written in another way; write all rows alike, with '{Separator}' between plain labels.");
        }

        ClassSpelling.Check($"{table.Path}', column '{Name}", Names);
    }
}

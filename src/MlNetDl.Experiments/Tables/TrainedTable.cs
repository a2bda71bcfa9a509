using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>How the table was written that a model was trained on. It is kept in annotations of the columns that the model takes, in its <c>.zip</c>, so that
/// other tables are read alike where they leave it in doubt.</summary>
internal sealed partial class TrainedTable
{
    private const string DecimalMark = nameof(DecimalMark), Unit = nameof(Unit), Order = nameof(DateOrder), PositiveLabel = nameof(PositiveLabel);
    private const string BetweenLabels = nameof(LabelSeparator);

    private readonly List<string> names;
    private readonly Dictionary<string, string> units;
    private readonly char? mark;
    private readonly DateOrder? order;

    private TrainedTable(List<DataViewSchema.Column> columns)
    {
        names = [.. columns.Select(c => c.Name)];
        units = columns.Select(c => (c.Name, Unit: Text(c, Unit))).Where(c => c.Unit is not null).ToDictionary(c => c.Name, c => c.Unit!);
        var marks = columns.Select(c => Text(c, DecimalMark)).OfType<string>().ToList();
        mark = marks.Count == 0 ? null : marks.Contains(",") ? ',' : '.';
        order = columns.Select(c => Text(c, Order)).OfType<string>().Select(o => (DateOrder?)Enum.Parse<DateOrder>(o)).FirstOrDefault();
        Positive = columns.Select(c => Text(c, PositiveLabel)).FirstOrDefault(p => p is not null);
        LabelSeparator = columns.Select(c => Text(c, BetweenLabels)).FirstOrDefault(s => s is not null);
    }

    /// <summary>The label that means yes, where it is none of the usual ones.</summary>
    public string? Positive { get; }

    /// <summary>What stands between the labels of a row, where it is not the usual bar.</summary>
    public string? LabelSeparator { get; }

    /// <summary>What the columns of a saved model say.</summary>
    /// <param name="schema">What the model takes.</param>
    public static TrainedTable Of(DataViewSchema? schema) => new([.. schema?.Where(c => !c.IsHidden) ?? []]);

    /// <summary>What is kept of a column.</summary>
    public static DataViewSchema.Annotations Annotations(TableViewColumn column)
    {
        var kept = new DataViewSchema.Annotations.Builder();
        if (column.Kind == DataKind.Single)
        {
            if (column.Column.ShowsMark)
            {
                Add(kept, DecimalMark, column.Column.Form.Decimal.ToString());
            }

            Add(kept, Unit, column.Column.Form.Around);
        }
        else if (column.Column.Dates?.Order is { } said)
        {
            Add(kept, Order, said.ToString());
        }

        return kept.ToAnnotations();
    }

    /// <summary>Annotations with what is said of the label among them.</summary>
    /// <param name="others">The annotations.</param>
    /// <param name="said">The label that means yes, and what stands between several labels; <see langword="null"/> for the usual ones.</param>
    public static DataViewSchema.Annotations With(DataViewSchema.Annotations others, (string? Positive, string? Separator) said)
    {
        var kept = new DataViewSchema.Annotations.Builder();
        kept.Add(others, _ => true);
        foreach (var (name, word) in ((string, string?)[])[(PositiveLabel, said.Positive), (BetweenLabels, said.Separator)])
        {
            if (word is not null)
            {
                Add(kept, name, word);
            }
        }

        return kept.ToAnnotations();
    }

    /// <summary>What people say of another table, and how it is read where they and its file leave that in doubt.</summary>
    public TableOptions Hint(TableOptions said) => said with
    {
        Likely = mark,
        LikelyDates = order,
        Known = names,
        Positive = said.Positive ?? Positive,
    };

    /// <summary>Whether a first row that looks like data has the names of the columns; <see langword="null"/> where that stays open.</summary>
    /// <param name="first">The row.</param>
    /// <param name="known">The names that a model knows.</param>
    public static bool? HasNames(IReadOnlyCollection<string> first, IReadOnlyCollection<string> known) => known.Count == 0 ? null
        : known.All(first.Contains) ? true
        : known.All(name => Numbered().IsMatch(name)) ? false
        : null;

    /// <summary>Refuses numbers in another unit than those that the model was trained on: 12% is no 0.12.</summary>
    /// <exception cref="InvalidDataException">A column is of another unit.</exception>
    public void MustSuit(Table table)
    {
        foreach (var column in table.Columns.Where(c => c.IsNumber && c.Values > 0))
        {
            if (units.TryGetValue(column.Name, out var trained))
            {
                MustBeAlike(table.Path, column, trained, "the model was trained on");
            }
        }
    }

    /// <summary>Refuses a column whose numbers have another unit. A currency may be left out, a per cent sign may not: with it, numbers are a hundred times as
    /// large.</summary>
    /// <param name="path">The table's file.</param>
    /// <param name="column">The column.</param>
    /// <param name="unit">What stands around the numbers that it must be like.</param>
    /// <param name="whose">Whose these are: "the model was trained on".</param>
    /// <exception cref="InvalidDataException">It has another unit.</exception>
    public static void MustBeAlike(string path, TableColumn column, string unit, string whose)
    {
        var own = column.Form.Around;
        if (own == unit || (own != "%" && unit != "%" && (own.Length == 0 || unit.Length == 0)))
        {
            return;
        }

        var (line, text) = column.Dressed ?? (0, column.Counts.Keys.First());
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{path}'{(line > 0 ? $", line {line}" : "")}: column '{column.Name}' has numbers such as '{text}', but {whose} numbers ")
            + $"{(unit.Length == 0 ? "without a sign" : $"with '{unit}'")} there; write them in the same unit.");
    }

    private static void Add(DataViewSchema.Annotations.Builder kept, string name, string text) =>
        kept.Add(name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());

    private static string? Text(DataViewSchema.Column column, string name)
    {
        if (column.Annotations.Schema.GetColumnOrNull(name) is not { Type: TextDataViewType })
        {
            return null;
        }

        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(name, ref value);
        return value.ToString();
    }

    // The names of columns without names.
    [GeneratedRegex(@"^column\d+$")]
    private static partial Regex Numbered();
}

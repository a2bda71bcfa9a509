using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>How the table was written that a model was trained on. It is kept in annotations of the columns that the model takes, in its <c>.zip</c>, so that
/// other tables are read alike where they leave it in doubt.</summary>
internal sealed partial class TrainedTable
{
    private const string DecimalMark = nameof(DecimalMark), Unit = nameof(Unit), Order = nameof(DateOrder), PositiveLabel = nameof(PositiveLabel),
        YesNoWords = nameof(YesNoWords), Missing = nameof(MissingWords),
        Numbers = nameof(TableOptions.NumberDates), Zone = nameof(DateZone);
    private const string BetweenLabels = nameof(LabelSeparator);

    private readonly List<string> names;
    private readonly Dictionary<string, string> units, words, lacking, numbers, zones;
    private readonly char? mark;
    private readonly DateOrder? order;

    private TrainedTable(List<DataViewSchema.Column> columns)
    {
        names = [.. columns.Select(c => c.Name)];
        units = Texts(columns, Unit);
        words = Texts(columns, YesNoWords);
        lacking = Texts(columns, Missing);
        numbers = Texts(columns, Numbers);
        zones = Texts(columns, Zone);
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
        else if (column.Column.Dates is { } dates)
        {
            if (dates.Order is { } said)
            {
                Add(kept, Order, said.ToString());
            }

            if (dates.IsNumber)
            {
                Add(kept, Numbers, dates.Pattern);
            }

            Add(kept, Zone, column.Column.Zone.ToString());
        }
        else if (column.Column is { IsBoolean: true, IsNumber: false, Dates: null })
        {
            Add(kept, YesNoWords, string.Join('\n', column.Column.Counts.Keys));
        }

        if (column.Column.Lacking.Own.Any())
        {
            Add(kept, Missing, string.Join('\n', column.Column.Lacking.Own));
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
        NumberDates = name => numbers.TryGetValue(name, out var pattern) ? DateForm.Of(pattern) : said.NumberDates(name),
        Lacking = name => lacking.TryGetValue(name, out var own) ? MissingWords.With(own.Split('\n')) : said.Lacking(name),
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
    /// <returns>The table, with words of yes and no read as they were spelled then.</returns>
    /// <exception cref="InvalidDataException">A column is of another unit.</exception>
    public Table Suited(Table table)
    {
        foreach (var column in table.Columns.Where(c => c.IsNumber && c.Values > 0))
        {
            if (units.TryGetValue(column.Name, out var trained))
            {
                MustBeAlike(table.Path, column, trained, "the model was trained on");
            }
        }

        foreach (var column in table.Columns.Where(c => zones.ContainsKey(c.Name)))
        {
            MustBeOfZone(table.Path, column, Enum.Parse<DateZone>(zones[column.Name]), "those that the model was trained on");
        }

        return table.With(column => words.TryGetValue(column.Name, out var known) ? column.SpelledAs(known.Split('\n')) : column);
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
            $"'{path}'{(line > 0 ? $", {column.At(line)}" : "")}: column '{column.Name}' has numbers such as '{text}', but {whose} numbers ")
            + $"{(unit.Length == 0 ? "without a sign" : $"with '{unit}'")} there; write them in the same unit.");
    }

    /// <summary>Refuses times of other zones beside times of which nobody knows the zone. Those of UTC and times without a zone may be the same.</summary>
    /// <param name="path">The table's file.</param>
    /// <param name="column">The column.</param>
    /// <param name="zone">That of the times that it must be like.</param>
    /// <param name="whose">Whose these are: "those of 'x.csv'".</param>
    /// <exception cref="InvalidDataException">One has offsets, the other nothing.</exception>
    public static void MustBeOfZone(string path, TableColumn column, DateZone zone, string whose)
    {
        // Dates without a time have no zone.
        bool hasZones = column.Dates is { HasTime: true, HasDate: true, Unit: null };
        if (hasZones && (column.Zone, zone) is (DateZone.Offset, DateZone.None) or (DateZone.None, DateZone.Offset))
        {
            throw new InvalidDataException($"'{path}': column '{column.Name}' has times {(zone == DateZone.None ? "with" : "without")} their distance from UTC, and "
                + $"{whose} are {(zone == DateZone.None ? "without" : "with")} it; write them the same way, such as 2024-01-31T10:00:00+02:00.");
        }
    }

    private static void Add(DataViewSchema.Annotations.Builder kept, string name, string text) =>
        kept.Add(name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());

    private static Dictionary<string, string> Texts(List<DataViewSchema.Column> columns, string name) =>
        columns.Select(c => (c.Name, Text: Text(c, name))).Where(c => c.Text is not null).ToDictionary(c => c.Name, c => c.Text!);

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

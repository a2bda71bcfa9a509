using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The label of a table: how it is read, and whether it suits the task.</summary>
internal sealed class TableLabel
{
    // Fewer rows of a class are said.
    private const int FewRows = 5;

    // More different values than that are hardly classes, fewer hardly amounts.
    private const int ManyClasses = 20, FewAmounts = 2, ManyRows = 50;

    private readonly CsvData source;
    private readonly LearningTask? task;
    private readonly List<string> notes = [], warnings = [];
    private readonly HashSet<string> known = [];
    private readonly TableLabelSet? set;

    /// <summary>Looks at the label.</summary>
    /// <param name="table">The table to train on.</param>
    /// <param name="held">That of the test; <see langword="null"/> where there is none.</param>
    /// <param name="source">What is said of them.</param>
    /// <param name="task">What is learnt.</param>
    /// <exception cref="InvalidDataException">There is none, or it does not suit the task, or that is doubtful.</exception>
    public TableLabel(Table table, Table? held, CsvData source, LearningTask? task)
    {
        (this.source, this.task, Kind) = (source, task, DataKind.String);
        if (task is { Label: LabelSet })
        {
            set = new(table, source);
            notes.AddRange(set.Notes);
            warnings.AddRange(set.Warnings);
            return;
        }

        if (source.Label is null)
        {
            return;
        }

        var (place, label) = LabelIn(table, held);
        place.MustHaveValues(label);
        Kind = task?.Label.TextKind ?? DataKind.String;
        if (Kind == DataKind.Boolean)
        {
            known.UnionWith(label.Counts.Keys);
            (Positive, var said) = Yes(place, label);
            notes.Add(said);
        }
        else if (Kind == DataKind.Single)
        {
            MustBeAmounts(place, label);
        }
        else if (task is { Label.IsClassIndex: true })
        {
            MustBeClasses(place, label);
            known.UnionWith(label.AreCountsWhole ? label.Counts.Keys : []);
        }
    }

    /// <summary>The type that it is read as; text where there is none, or no task.</summary>
    public DataKind Kind { get; }

    /// <summary>The name of its column among those that are read; <see langword="null"/> where there is none.</summary>
    public string? Name => set?.Name ?? source.Label;

    /// <summary>What stands between the labels of a row, where it is not the usual bar.</summary>
    public string? Separator => set?.Separator is { } separator && separator != RowLabels.Usual ? separator : null;

    /// <summary>The word that says yes; <see langword="null"/> where that is one of the usual ones.</summary>
    public string? Positive { get; }

    /// <summary>What is said of it.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>What looks wrong.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>The class of each row, which a split keeps; the same for all rows where labels are no classes.</summary>
    public IReadOnlyList<string> ClassesOf(Table table)
    {
        if (set is not null)
        {
            return set.SetsOf(table);
        }

        bool hasClasses = Kind == DataKind.Boolean || task is { Label.IsClassIndex: true };
        int? place = hasClasses ? Find(table)?.Place : null;
        return [.. table.Rows().Select(row => place is { } at ? row.Fields[at] : "")];
    }

    /// <summary>The rows of a table, with the label as it is learnt.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="table">The table.</param>
    /// <param name="part">Some of its rows; <see langword="null"/> for all.</param>
    public IDataView Load(MLContext ml, Table table, RowPart? part = null) => set is null
        ? table.Load(ml, source.Label, Kind, source.Ignore, Positive, part)
        : table.Load(ml, set.ColumnsOf(table), part);

    /// <summary>Refuses another table whose label is of another kind.</summary>
    public void MustSuit(Table other)
    {
        if (set is not null)
        {
            set.MustSuit(other);
            return;
        }

        if (Find(other) is not { } label)
        {
            return;
        }

        if (Kind == DataKind.Boolean)
        {
            var unknown = label.Counts.Keys.FirstOrDefault(w => Positive is null ? YesNo.Of(w) is null : !known.Contains(w));
            if (unknown is not null)
            {
                throw new InvalidDataException($"'{other.Path}': column '{label.Name}' has '{unknown}', which "
                    + (Positive is null ? "says neither yes nor no." : "the rows to train on do not have."));
            }
        }
        else if (Kind == DataKind.Single && !label.IsNumber && label is not { Dates: not null, AsNumbers: not null })
        {
            throw Unsuited(other, label, "numbers");
        }
    }

    /// <summary>Refuses a table to validate with that has other classes than the one to train on.</summary>
    public void MustKnowClasses(Table? validation)
    {
        if (task is not { Label.IsClassIndex: true } || validation is null || Find(validation) is not { AreCountsWhole: true } label)
        {
            return;
        }

        var unknown = label.Counts.Keys.Where(w => !known.Contains(w)).ToList();
        if (unknown.Count > 0 && known.Count > 0)
        {
            throw new InvalidDataException($"{Named(validation, label)} has {Some(unknown)}, of which no row to train on is; data.validation needs the same "
                + "classes.");
        }
    }

    private TableColumn? Find(Table table) => table.Columns.FirstOrDefault(c => c.Name == source.Label);

    private (Table Table, TableColumn Label) LabelIn(Table table, Table? held)
    {
        if (Find(table) is { } own)
        {
            return (table, own);
        }

        var names = string.Join(", ", table.Columns.Select(c => c.Name));
        if (task is not { LearnsFromLabels: false })
        {
            throw new InvalidDataException($"'{table.Path}' has no column '{source.Label}' to predict; it has: {names}.");
        }

        return held is not null && Find(held) is { } other ? (held, other) : throw new InvalidDataException(
            $"No column '{source.Label}' says which rows are strange: '{table.Path}' has {names}. Leave data.label out where none says it; all rows count as "
                + "normal then.");
    }

    private (string? Positive, string Said) Yes(Table table, TableColumn label)
    {
        var words = label.Counts.Keys.ToList();
        if (source.Positive is { } positive)
        {
            if (YesNo.Of(positive) == false)
            {
                throw new InvalidDataException($"data.positive is '{positive}', which says no everywhere else, so that evaluations of the model would "
                    + "turn round; rename it.");
            }

            return words.Contains(positive) && words.Count <= 2
                ? (positive, $"positive: '{positive}'")
                : throw new InvalidDataException($"data.positive is '{positive}', but {Named(table, label)} has {Some(words)}; it must be one of two.");
        }

        if (label.IsBoolean && words.Count <= 2 && words.Select(w => YesNo.Of(w)).Distinct().Count() == words.Count)
        {
            return (null, words.Find(w => YesNo.Of(w) == true) is { } yes ? $"positive: '{yes}'" : $"no row of '{label.Name}' is positive");
        }

        if (words.Count == 2)
        {
            throw new InvalidDataException($"{Named(table, label)} has '{words[0]}' and '{words[1]}': which one is the positive one? Write "
                + $"data.positive: {words[0]}, or data.positive: {words[1]}.");
        }

        throw label.IsBoolean && words.Count <= 3
            ? new InvalidDataException($"{Named(table, label)} has {Some(words)}, which say yes and no in more than one way; write two words, or "
                + "task: multiclass.")
            : Unsuited(table, label, "0 and 1, or another pair such as yes and no");
    }

    private void MustBeAmounts(Table table, TableColumn label)
    {
        label = label.Dates is null ? label : label.AsNumbers ?? label;
        if (!label.IsNumber)
        {
            throw Unsuited(table, label, "numbers");
        }

        if (label.AreCountsWhole && label.Counts.Count <= FewAmounts && label.Values >= ManyRows && !source.Numeric.Contains(label.Name))
        {
            throw new InvalidDataException($"{Named(table, label)} has {Some([.. label.Counts.Keys])} alone: are these classes? Write task: binary or "
                + $"task: multiclass; or data.numeric: [{label.Name}] where they are amounts.");
        }
    }

    private void MustBeClasses(Table table, TableColumn label)
    {
        bool isSaid = source.Categorical.Contains(label.Name);
        if (!isSaid && label.IsNumber && label.Counts.Count > ManyClasses
            && (label.Counts.Keys.Any(w => label.Form.Read(w) is { } n && n != MathF.Round(n)) || label.Counts.Count > label.Values / 2))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Named(table, label)} has {label.Counts.Count:N0} different numbers in {label.Values:N0} rows: are these amounts? ")
                + $"Write task: regression; or data.categorical: [{label.Name}] where they are classes.");
        }

        if (!isSaid && !label.IsNumber && RowLabels.SeparatorOf(label.Counts) is { } mark)
        {
            var set = label.Counts.Keys.First(w => w.Contains(mark, StringComparison.Ordinal));
            throw new InvalidDataException($"{Named(table, label)} has values such as '{TableFormat.Shortened(set)}': may a row have several labels? Write "
                + $"task: multilabel{(mark == RowLabels.Usual ? "" : $" and data.labelSeparator: '{mark}'")}; "
                + $"or data.categorical: [{label.Name}] where each value is a class of its own.");
        }

        if (!isSaid && !label.IsNumber)
        {
            ClassSpelling.Check(
                $"{table.Path}', column '{label.Name}", label.Counts.Keys, $"; or write data.categorical: [{label.Name}] where they are meant so");
        }

        var rare = label.Counts.Where(c => c.Value < FewRows).ToList();
        if (rare.Count > 0 && label.AreCountsWhole)
        {
            warnings.Add($"{TableFormat.Counted(rare.Count, "class", "classes")} of '{label.Name}' "
                + $"{(rare.Count == 1 ? "has" : "have")} fewer than {FewRows} rows: {string.Join(", ", rare.Take(5).Select(c => $"'{c.Key}' {c.Value}"))}"
                + $"{(rare.Count > 5 ? ", …" : "")}; nothing can be learnt or told of them for sure.");
        }

        if (label.Counts.Count == 1)
        {
            throw new InvalidDataException($"{Named(table, label)} has '{label.Counts.Keys.First()}' alone; a classification needs two classes or more.");
        }
    }

    private InvalidDataException Unsuited(Table table, TableColumn label, string expected) => label is { Numbers: > 0, FirstWords: [var (line, word), ..] }
        ? new($"'{table.Path}', {label.At(line)}: column '{label.Name}' has '{TableFormat.Shortened(word)}', but {label.Numbers} of its values are numbers; "
            + $"{ScoredTask.NameOf(task!)} needs {expected}. Correct the value, or remove the line.")
        : new(
        $"{Named(table, label)} holds {(label.IsNumber ? "other numbers" : "words")} ({Some([.. label.Counts.Keys])}); {ScoredTask.NameOf(task!)} needs "
        + $"{expected}.{(task!.LearnsFromLabels ? " For classes, write task: multiclass." : "")}"
            + (label.AsNumbers is null || label.IsNumber ? "" : $" If these texts are amounts, write data.numeric: [{label.Name}]."));

    private static string Named(Table table, TableColumn label) => $"Column '{label.Name}' of '{table.Path}'";

    private static string Some(List<string> words) =>
        string.Join(", ", words.Take(4).Select(w => $"'{TableFormat.Shortened(w)}'")) + (words.Count > 4 ? ", …" : "");
}

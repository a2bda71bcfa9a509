using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The labels of a table's rows, of which a row may have several: words of one column, or a column of yes and no for each.</summary>
/// <param name="Names">The labels in the order of their vector; each once.</param>
/// <param name="Columns">The column of words; or a column for each label, in the order of the names.</param>
/// <param name="Separator">What stands between words; <see langword="null"/> where each label has a column.</param>
internal sealed record RowLabels(ValueList<string> Names, IReadOnlyList<TableColumn> Columns, string? Separator)
{
    /// <summary>The name that labels with columns of their own have together.</summary>
    public const string Together = "Labels";

    /// <summary>What stands between labels where nobody says it.</summary>
    public const string Usual = "|";

    // Shares of all values: sets among words, and different labels, which come again.
    private const double LeastSeveral = 0.05, MostNames = 0.5;

    private static readonly string[] Marks = [Usual, ";", ",", "/"];

    private readonly Dictionary<string, int> places = Names.Index().ToDictionary(n => n.Item, n => n.Index);

    /// <summary>The type of the vector.</summary>
    public DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, Names.Count);

    /// <summary>The labels in a field, in its order.</summary>
    public static IEnumerable<string> Words(string field, string separator) =>
        field.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with what data says of several labels a row.</summary>
    /// <param name="task">What is learnt.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="labels">A column for each.</param>
    /// <param name="separator">What stands between labels of one column.</param>
    public static IEnumerable<RecordProblem> ProblemsOf(LearningTask? task, string? label, ValueList<string> labels, string? separator)
    {
        bool isMultilabel = task is { Label: LabelSet };
        if (!isMultilabel && labels.Count > 0)
        {
            yield return new("labels", "names the columns of several labels a row, which is task: multilabel; for another task name one column in label.");
        }

        if (!isMultilabel && separator is not null)
        {
            yield return new("labelSeparator", "stands between several labels of a row, which is task: multilabel; leave it out.");
        }

        if (labels.Count > 0 && (label is not null || separator is not null))
        {
            yield return new("labels", "names a column for each label, and " + (label is null
                ? "labelSeparator is for one column with all labels" : "label one column for all of them") + "; leave one of the two out.");
        }

        if (labels.GroupBy(n => n).FirstOrDefault(g => g.Skip(1).Any()) is { Key: var twice })
        {
            yield return new("labels", $"names '{twice}' twice.");
        }

        if (separator is not null && separator.Trim().Length == 0 && separator.Length != 1)
        {
            yield return new("labelSeparator", "is empty; write what stands between labels, such as \"|\" or \",\".");
        }
    }

    /// <summary>What stands between labels where values look like sets of them: words come again in other sets, and by themselves;
    /// <see langword="null"/> where they do not.</summary>
    /// <param name="counts">How often each value is there.</param>
    public static string? SeparatorOf(IReadOnlyDictionary<string, long> counts)
    {
        long values = counts.Values.Sum();
        return Array.Find(Marks, mark =>
        {
            long several = counts.Where(c => c.Key.Contains(mark, StringComparison.Ordinal)).Sum(c => c.Value);
            var words = counts.Keys.SelectMany(w => Words(w, mark)).ToHashSet();
            return several > 1 && several >= LeastSeveral * values && words.Count <= values * MostNames
                && (mark == Usual || words.Count(counts.ContainsKey) * 2 >= words.Count);
        });
    }

    /// <summary>A label that seems to be several, written in another way; <see langword="null"/> where there is none.</summary>
    /// <param name="names">The labels.</param>
    public static string? Compound(IReadOnlyCollection<string> names) => names.FirstOrDefault(name => name[0] is '[' or '\'' or '"' or '{'
        || Array.Exists(Marks, mark => Words(name, mark).ToList() is { Count: > 1 } words && words.TrueForAll(names.Contains)));

    /// <summary>The labels of a saved model in a table: in its label column, or in a column for each.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">The label column.</param>
    /// <param name="names">The model's labels.</param>
    /// <param name="separator">What stood between words in training.</param>
    /// <returns><see langword="null"/> where the table has neither.</returns>
    /// <exception cref="InvalidDataException">A row has a label that the model does not know, or a column says neither yes nor no.</exception>
    public static RowLabels? In(Table table, string label, ValueList<string> names, string? separator)
    {
        var columns = table.Columns.ToDictionary(c => c.Name);
        bool haveColumns = names.All(columns.ContainsKey);
        // A model of label columns may meet a column of that name by chance.
        var found = !(haveColumns && label == Together) && columns.TryGetValue(label, out var words) ? new RowLabels(names, [words], separator ?? Usual)
            : haveColumns ? new RowLabels(names, [.. names.Select(n => columns[n])], null)
            : null;
        found?.MustBeKnown(table, "which the model does not know; its labels are");
        return found;
    }

    /// <summary>Refuses a table with other labels than these, and columns that say neither yes nor no.</summary>
    /// <param name="table">The table.</param>
    /// <param name="unknown">What is said of a label that is none of these.</param>
    /// <exception cref="InvalidDataException">It has.</exception>
    public void MustBeKnown(Table table, string unknown)
    {
        foreach (var column in Columns)
        {
            table.MustHaveValues(column);
        }

        foreach (var row in table.Rows())
        {
            for (int i = 0; i < Columns.Count; i++)
            {
                var (column, field) = (Columns[i], row.Fields[Columns[i].Place]);
                if (Separator is null && YesNo.Of(field) is null)
                {
                    throw new InvalidDataException($"'{table.Path}', {column.At(row.Line)}: column '{column.Name}' {Found(field)}, but as a label it says for "
                        + "every row whether it has it: 1 or 0, or another pair such as yes and no.");
                }

                if (Separator is not null && field.Length > 0 && column.Lacks(field))
                {
                    throw new InvalidDataException($"'{table.Path}', {column.At(row.Line)}: column '{column.Name}' {Found(field)}: has the row no label, or "
                        + "are its labels not known? Leave the field empty for none, or drop the row.");
                }

                if (Separator is not null && Words(field, Separator).FirstOrDefault(w => !places.ContainsKey(w)) is { } other)
                {
                    throw new InvalidDataException($"'{table.Path}', {column.At(row.Line)}: column '{column.Name}' has the label "
                        + $"'{TableFormat.Shortened(other)}', {unknown} {string.Join(", ", Names.Take(20))}{(Names.Count > 20 ? ", …" : "")}.");
                }
            }
        }
    }

    /// <summary>Reads a row's labels.</summary>
    /// <param name="fields">The row's fields.</param>
    /// <param name="target">Gets 1 for each label that it has, and 0 for the others.</param>
    public void Read(IReadOnlyList<string> fields, Span<float> target)
    {
        target.Clear();
        if (Separator is null)
        {
            for (int i = 0; i < Columns.Count; i++)
            {
                target[i] = YesNo.Of(fields[Columns[i].Place]) == true ? 1 : 0;
            }

            return;
        }

        foreach (var word in Words(fields[Columns[0].Place], Separator))
        {
            target[places[word]] = 1;
        }
    }

    /// <summary>The labels that a row has, in the order of the names.</summary>
    public IEnumerable<string> Of(IReadOnlyList<string> fields)
    {
        var flags = new float[Names.Count];
        Read(fields, flags);
        return Names.Where((_, i) => flags[i] > 0);
    }

    /// <summary>The annotations of the vector: the names of its slots.</summary>
    public DataViewSchema.Annotations Annotations()
    {
        var kept = new DataViewSchema.Annotations.Builder();
        kept.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, Names.Count), (ref target) =>
            target = new(Names.Count, [.. Names.Select(n => n.AsMemory())]));
        return kept.ToAnnotations();
    }

    /// <summary>A getter of the vector.</summary>
    /// <param name="row">The fields of the row at hand.</param>
    public ValueGetter<VBuffer<float>> Getter(Func<IReadOnlyList<string>> row) => (ref VBuffer<float> target) =>
    {
        var editor = VBufferEditor.Create(ref target, Names.Count);
        Read(row(), editor.Values);
        target = editor.Commit();
    };

    private static string Found(string field) => field.Length == 0 ? "is empty" : $"has '{TableFormat.Shortened(field)}'";
}

using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Naming;

namespace MlNetDl.Experiments;

/// <summary>An experiment for a table: the task follows from the label.</summary>
internal static class StarterTable
{
    // So few different whole numbers, each in so many rows, are classes rather than amounts.
    private const int MostNumberClasses = 10, LeastOfClass = 5;
    private const double NearlyAll = 0.5;
    private const int MostNamed = 3;

    private static readonly string[] IdWords = ["id", "ids", "uuid", "guid", "key", "index", "idx", "nr", "no"];

    /// <summary>The experiment.</summary>
    public static Starter Of(string path, string? label, TableOptions options)
    {
        var table = Table.Read(path, options);
        var names = string.Join(", ", table.Columns.Select(c => c.Name));
        if (label is null)
        {
            throw new ArgumentException($"'{path}' is a table: name the column to predict with --label. It has: {names}.");
        }

        if (table.Columns.FirstOrDefault(c => c.Counts.Count > 0 && c.Counts.Keys.All(ImageFolder.IsImage)) is { } images)
        {
            throw new InvalidDataException($"'{path}' is a list of images (column '{images.Name}'); write an experiment that begins with mldl new "
                + $"images, and names it: data: {{ imageList: {path}, label: {label} }}.");
        }

        if (table.Columns.FirstOrDefault(c => c.Name == label) is not { } target)
        {
            throw new ArgumentException($"'{path}' has no column '{label}': {Nearest.Hint(label, table.Columns.Select(c => c.Name))}");
        }

        table.MustHaveValues(target);
        var (task, why, positive) = TaskOf(path, target);
        var ignored = table.Columns.Where(c => c != target).Select(c => (c.Name, Why: Useless(c))).Where(c => c.Why is not null).ToList();
        var features = table.Columns.Where(c => c != target && ignored.TrueForAll(i => i.Name != c.Name)).ToList();
        if (features.Count == 0)
        {
            throw new InvalidDataException($"'{path}' has nothing to predict '{label}' from: {(ignored.Count == 0 ? "it is the only column"
                : string.Join("; ", ignored.Select(i => $"'{i.Name}' {i.Why}")))}.");
        }

        return new()
        {
            Name = StarterImages.NameOf(path),
            Task = task,
            Why = why,
            Data = [.. Keys(path, table, target, positive, features, [.. ignored.Select(i => (i.Name, i.Why!))], options)],
            Network =
            [
                ("type", "mlp", "layers one after the other"),
                ("hidden", "[64, 64]", "values of each layer"),
                ("# dropout", "0.2", "against fitting rows by heart"),
            ],
            Rows = target.Values,
        };
    }

    private static IEnumerable<(string Key, string Value, string Comment)> Keys(
        string path,
        Table table,
        TableColumn label,
        (string Key, string Value, string Comment)? positive,
        IReadOnlyList<TableColumn> features,
        IReadOnlyList<(string Name, string Why)> ignored,
        TableOptions options)
    {
        yield return ("csv", StarterText.Quoted(path), Counted(label.Values + label.Missing, "row"));
        yield return ("label", StarterText.Quoted(label.Name), "the column to predict");
        if (Between(label) is { } mark && mark != RowLabels.Usual)
        {
            yield return ("labelSeparator", StarterText.Quoted(mark), "stands between the labels of a row");
        }

        if (positive is { } yes)
        {
            yield return yes;
        }

        if (ignored.Count > 0)
        {
            yield return ("ignore", StarterText.List(ignored.Select(i => i.Name)), string.Join("; ", ignored.Take(MostNamed).Select(i => $"{i.Name} {i.Why}"))
                + (ignored.Count > MostNamed ? "; …" : ""));
        }

        var codes = features.Where(c => c.IsNumber && c.LeadingZero is not null).Select(c => c.Name).ToList();
        if (codes.Count > 0)
        {
            yield return ("categorical", StarterText.List(codes), "numbers that begin with 0 are codes, not amounts");
        }

        if (features.Where(c => c.LooksLikeText).Select(c => c.Name).ToList() is { Count: > 0 } texts)
        {
            yield return ("text", StarterText.List(texts), "their words are features");
        }

        if (features.Where(c => c.Stamps is not null).ToList() is { Count: > 0 } stamps)
        {
            var units = stamps.Select(c => $"{StarterText.Quoted(c.Name)}: {c.Stamps.ToString()!.ToLowerInvariant()}");
            yield return ("timestamps", $"{{ {string.Join(", ", units)} }}",
                "numbers that look like counts since 1970 become dates");
        }

        var gaps = features.Where(c => c.Missing > 0 && (c.IsNumber || c.Dates is not null) && !codes.Contains(c.Name)).Select(c => c.Name).ToList();
        if (gaps.Count > 0)
        {
            yield return ("missing", "median", $"{string.Join(", ", gaps.Take(MostNamed))}{(gaps.Count > MostNamed ? ", …" : "")} "
                + $"lack{(gaps.Count == 1 ? "s" : "")} values; also mean, indicator, drop");
        }

        if (label.Missing > 0 && Between(label) is null)
        {
            yield return ("missingIn", $"{{ {StarterText.Quoted(label.Name)}: drop }}", $"{Counted(label.Missing, "row")} without a label");
        }

        foreach (var (key, value) in Said(options))
        {
            yield return (key, value, "");
        }

        yield return ("testFraction", "0.2", "held out for the test");
        if (ignored.Count == 0)
        {
            yield return ("# ignore", StarterText.List([features[0].Name]), "columns that would not be known yet, or give the label away");
        }
    }

    private static IEnumerable<(string Key, string Value)> Said(TableOptions options)
    {
        if (options.Header is { } header)
        {
            yield return ("header", header ? "true" : "false");
        }

        if (options.Separator is { } separator)
        {
            yield return ("separator", StarterText.Quoted(separator.ToString()));
        }

        if (options.Decimal is { } mark)
        {
            yield return ("decimal", StarterText.Quoted(mark.ToString()));
        }

        if (options.Dates is { } dates)
        {
            yield return ("dates", dates == DateOrder.DayFirst ? "dayFirst" : "monthFirst");
        }

        if (options.Encoding is { } encoding)
        {
            yield return ("encoding", StarterText.Quoted(encoding));
        }
    }

    private static string? Between(TableColumn label) => label.IsNumber ? null : RowLabels.SeparatorOf(label.Counts);

    private static (string Task, string Why, (string, string, string)? Positive) TaskOf(string path, TableColumn label)
    {
        var words = label.Counts.Keys.ToList();
        if (label.Values == 0 || words.Count < 2)
        {
            var found = label.Values == 0 ? "no value" : $"{Short(words[0])} alone";
            throw new InvalidDataException($"'{path}': column '{label.Name}' has {found}: there is nothing to predict.");
        }

        if (words.Count == 2 && label.AreCountsWhole && Between(label) is null)
        {
            return ("binary", $"'{label.Name}' has two values, {Short(words[0])} and {Short(words[1])}", Positive(label, words));
        }

        if (label.Dates is not null)
        {
            throw new InvalidDataException($"'{path}': column '{label.Name}' holds dates; a network predicts numbers or classes. Make days or years of it.");
        }

        bool areWhole = words.TrueForAll(w => label.Form.Read(w) is { } n && n == MathF.Round(n));
        bool areClasses = !label.IsNumber
            || (areWhole && label.AreCountsWhole && words.Count <= MostNumberClasses && label.Values >= LeastOfClass * words.Count);
        if (!areClasses)
        {
            return ("regression", $"'{label.Name}' holds {(label.AreCountsWhole ? Counted(words.Count, "different number") : "many different numbers")}", null);
        }

        if (Between(label) is { } mark)
        {
            var names = label.Counts.Keys.SelectMany(w => RowLabels.Words(w, mark)).Distinct();
            return ("multilabel", $"rows have several of {Counted(names.Count(), "label")} in '{label.Name}', with {mark} between them", null);
        }

        if (!label.AreCountsWhole || words.Count > label.Values * NearlyAll)
        {
            var mixed = label.Numbers > label.Words && label.FirstWords.Count > 0
                ? $"most of its values are numbers, but '{label.FirstWords[0].Text}' in {label.At(label.FirstWords[0].Line)} is none: correct it"
                : "nearly every row has another word: nothing comes again that could be learnt";
            throw new InvalidDataException($"'{path}': column '{label.Name}' holds words, and {mixed}.");
        }

        return ("multiclass", $"'{label.Name}' has {words.Count} different values{(label.IsNumber ? "; task: regression where they are amounts" : "")}", null);
    }

    // Yes and no in the usual words need no key. Of another pair, the rarer one is what one looks for, unless it says no everywhere else.
    private static (string, string, string)? Positive(TableColumn label, List<string> words)
    {
        if (words.Select(w => YesNo.Of(w)).Order().SequenceEqual([false, true]))
        {
            return null;
        }

        var yes = words.Where(w => YesNo.Of(w) != false).OrderBy(w => label.Counts[w]).First();
        return ("positive", StarterText.Quoted(yes), $"the value that means yes; the other is {Short(words.Find(w => w != yes)!)}");
    }

    private static string? Useless(TableColumn column)
    {
        long counted = column.Counts.Values.Sum();
        bool allDiffer = column.AreCountsWhole && column.Counts.Count == counted && counted > LeastOfClass;
        return column.Unusable is { } type ? $"is {type}"
            : column.Values == 0 ? "has no values"
            : column is { AreCountsWhole: true, Counts.Count: 1, Missing: 0 } ? $"is always {Short(column.Counts.Keys.First())}"
            : column.CountsRows ? "counts the rows"
            : column.NamesRows && !column.LooksLikeText ? "has another word in nearly every row"
            : column.IsNumber && column.Stamps is null && (allDiffer || !column.AreCountsWhole) && (column.Rounded is not null || NamesId(column.Name))
            ? "is a number of the row"
            : null;
    }

    private static bool NamesId(string name) => IdWords.Contains(name.Split('_', '-', ' ', '.')[^1].ToLowerInvariant())
        || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal);

    private static string Short(string word) => $"'{TableFormat.Shortened(word)}'";

    private static string Counted(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");
}

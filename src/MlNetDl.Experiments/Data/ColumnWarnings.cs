using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>What feature columns of a table may be meant as, beside what they are taken for.</summary>
internal static class ColumnWarnings
{
    /// <summary>The warnings, for people.</summary>
    /// <param name="features">The feature columns.</param>
    /// <param name="categorical">Columns that were said to be categories.</param>
    public static IEnumerable<string> Of(IReadOnlyList<TableColumn> features, IReadOnlyCollection<string> categorical) =>
        features.Where(c => !categorical.Contains(c.Name)).SelectMany(c => c.IsNumber ? OfNumbers(c) : c.Dates is null ? OfWords(c) : []);

    private static IEnumerable<string> OfNumbers(TableColumn column)
    {
        var name = column.Name;
        if (column.CountsRows)
        {
            yield return $"column '{name}' counts the rows, and tells at best their order: did you mean data.ignore: [{name}]?";
        }

        if (column.Stamps is { } unit)
        {
            var form = DateForm.Of(unit);
            var first = column.Counts.Keys.First();
            yield return string.Create(CultureInfo.InvariantCulture, $"column '{name}' has numbers such as '{first}', which is ")
                + string.Create(CultureInfo.InvariantCulture, $"{form.Read(first):yyyy-MM-ddTHH:mm:ss} in {form.Pattern}: are they dates? Then write ")
                + $"data.timestamps: {{ {name}: {unit.ToString().ToLowerInvariant()} }}; data.categorical: [{name}] takes codes.";
        }
        else if (column.Rounded is var (line, text))
        {
            yield return $"column '{name}' has whole numbers that a network rounds, such as '{text}' in {column.At(line)}: are they dates or codes? Write "
                + $"dates as 2025-04-03; data.categorical: [{name}] takes codes.";
        }

        if (column.LeadingZero is var (at, code))
        {
            yield return $"column '{name}' has numbers that begin with 0, such as '{code}' in {column.At(at)}: are they codes? Then write "
                + $"data.categorical: [{name}].";
        }
    }

    private static IEnumerable<string> OfWords(TableColumn column)
    {
        var name = column.Name;
        if (column is { Numbers: > 0, Words: > 0 })
        {
            var counts = string.Create(
                CultureInfo.InvariantCulture,
                $"{column.Numbers:N0} of its values are numbers, {column.Words:N0} {(column.Words == 1 ? "is not" : "are not")}");
            var first = string.Join(", ", column.FirstWords.Select(w => $"'{w.Text}' in {column.At(w.Line)}"));
            var more = column.Words > column.FirstWords.Count ? ", …" : "";
            yield return $"column '{name}' is taken for categories: {counts} ({first}{more}). Correct them; or say "
                + $"what it is: data.numeric: [{name}] makes a word "
                + $"an error, data.categorical: [{name}] means it so.";
        }
        else if (column.Kind == CellKind.Text && column.AsNumbers is not null)
        {
            yield return $"column '{name}' holds texts that are all numbers, and is taken for categories: data.numeric: [{name}] takes them for amounts, "
                + $"data.categorical: [{name}] means it so.";
        }
        else if (column.Undated is var (line, text))
        {
            yield return $"column '{name}' is taken for categories: its first values are dates ({column.UndatedForm!.Pattern}), but "
                + $"'{TableFormat.Shortened(text)}' in {column.At(line)} is none of that form. Correct it, or mean it so: data.categorical: [{name}].";
        }
        else if (column.NamesRows && column.Words > column.Numbers)
        {
            yield return $"{(column.AllDiffer ? "every" : "nearly every")} row has another value in column '{name}', which is taken for categories: "
                + $"did you mean data.ignore: [{name}]?";
        }
    }
}

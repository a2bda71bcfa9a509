using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>Makes features of a table's columns: numbers as they are, with missing ones filled in; dates as year, month, weekday, hour and days since the
/// first one; words one-hot. All of it is ML.NET's own, so a saved model has it.</summary>
/// <param name="columns">The feature columns.</param>
/// <param name="missing">What becomes of missing values of a column.</param>
/// <param name="isText">Whether a column holds texts.</param>
internal sealed class TableFeatures(IReadOnlyList<TableColumn> columns, Func<string, MissingValues> missing, Func<TableColumn, bool> isText)
{
    // Each of these is a column of the first layer's weights; rarer ones say little.
    private const int MostTerms = 10_000;

    // Days of the calendar before the date of a text; the year begins in March, so that leap days come last.
    private const string Days = "with(y = int(left(d, 4)) - (int(mid(d, 5, 7)) < 3 ? 1 : 0), m = (int(mid(d, 5, 7)) + 9) % 12, q = int(mid(d, 8, 10)); "
        + "365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + q)";

    private const string Hour = "single(mid(d, 11, 13)) + single(mid(d, 14, 16)) / 60f";

    /// <summary>Whether some columns hold texts. All features are on one scale then, so that the network needs no standardisation: it would make rare words
    /// weigh most.</summary>
    public bool HasTexts => columns.Any(isText);

    /// <summary>Whether a column holds texts.</summary>
    public bool IsText(string name) => columns.Any(c => c.Name == name && isText(c));

    /// <summary>Whether a column holds dates.</summary>
    public bool IsDate(string name) => columns.Any(c => c.Name == name && c.Dates is not null);

    /// <summary>The steps, and the names of the columns that they leave as features.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="train">The training part, from which values are found that take the place of missing ones.</param>
    public (IReadOnlyList<IEstimator<ITransformer>> Steps, IReadOnlyList<string> Features) Of(MLContext ml, IDataView train)
    {
        var steps = new List<IEstimator<ITransformer>>();
        var features = new List<string>();
        var words = new List<InputOutputColumnPair>();
        var values = new ColumnValues(train, [.. columns.Where(c => c.Dates is not null || (c.IsNumber && IsFilled(missing(c.Name)))).Select(c => c.Name)]);
        foreach (var column in columns)
        {
            var (name, policy) = (column.Name, missing(column.Name));
            if (column.IsNumber)
            {
                features.AddRange(Filled(name, policy, () => values.Numbers(name)));
            }
            else if (column.Dates is { } dates)
            {
                foreach (var (part, expression, number) in Parts(dates, () => values.Dates(name).Min() ?? DateTime.UnixEpoch))
                {
                    steps.Add(ml.Transforms.Expression($"{name}.{part}", expression, name));
                    features.AddRange(Filled($"{name}.{part}", policy, () => values.Dates(name).Select(number)));
                }
            }
            else if (isText(column))
            {
                steps.Add(Terms(ml, name));
                features.Add(name);
            }
            else
            {
                if (policy == MissingValues.Mode && Usual(Words(train, name)) is { } usual)
                {
                    steps.Add(ml.Transforms.Expression(name, $"w => w == \"\" ? \"{Escaped(usual)}\" : w", name));
                }

                words.Add(new(name));
                features.Add(name);
            }
        }

        if (words.Count > 0)
        {
            // One pass over the rows finds the words of all columns.
            steps.Add(ml.Transforms.Categorical.OneHotEncoding([.. words]));
        }

        if (HasTexts)
        {
            var categories = words.Select(w => w.InputColumnName).ToHashSet();
            InputOutputColumnPair[] amounts = [.. features.Where(f => !categories.Contains(f) && !IsText(f)).Select(f => new InputOutputColumnPair(f))];
            if (amounts.Length > 0)
            {
                steps.Add(ml.Transforms.NormalizeMeanVariance(amounts, fixZero: false));
            }
        }

        return (steps, features);

        IEnumerable<string> Filled(string name, MissingValues policy, Func<IEnumerable<float>> all)
        {
            if (!IsFilled(policy))
            {
                return [name];
            }

            var known = all().Where(v => !float.IsNaN(v)).ToList();
            float place = known.Count == 0 ? 0 : policy switch
            {
                MissingValues.Median => Median(known),
                MissingValues.Mode => known.GroupBy(v => v).MaxBy(g => g.Count())!.Key,
                _ => (float)known.Average(v => (double)v),
            };
            var further = $"{name} is missing";
            if (policy == MissingValues.Indicator)
            {
                steps.Add(ml.Transforms.Expression(further, "x => isna(x) ? 1f : 0f", name));
            }

            steps.Add(ml.Transforms.Expression(name, string.Create(CultureInfo.InvariantCulture, $"x => isna(x) ? single(\"{place:R}\") : x"), name));
            return policy == MissingValues.Indicator ? [name, further] : [name];
        }
    }

    private static bool IsFilled(MissingValues policy) => policy is not (MissingValues.Error or MissingValues.Drop);

    // Words and parts of words, of which the most frequent are counted; the counts of a row have the length 1.
    private static IEstimator<ITransformer> Terms(MLContext ml, string name) => ml.Transforms.Text.FeaturizeText(name, new()
    {
        WordFeatureExtractor = new() { NgramLength = 2, UseAllLengths = true, MaximumNgramsCount = [MostTerms, MostTerms] },
        CharFeatureExtractor = new() { NgramLength = 3, UseAllLengths = false, MaximumNgramsCount = [MostTerms] },
    }, name);

    // Parts of a date, each by an expression of its text, and by .NET.
    private static IEnumerable<(string Part, string Expression, Func<DateTime?, float> Number)> Parts(DateForm dates, Func<DateTime> first)
    {
        string Guarded(string expression) => $"d => len(d) < 16 ? na(1f) : {expression}";
        static Func<DateTime?, float> Of(Func<DateTime, double> number) => date => date is { } there ? (float)number(there) : float.NaN;
        if (dates.HasDate)
        {
            yield return ("year", Guarded("single(left(d, 4))"), Of(d => d.Year));
            yield return ("month", Guarded("single(mid(d, 5, 7))"), Of(d => d.Month));
            // Monday is 0.
            yield return ("weekday", Guarded($"single(({Days} + 1) % 7)"), Of(d => ((int)d.DayOfWeek + 6) % 7));
        }

        if (dates.HasTime)
        {
            yield return ("hour", Guarded(Hour), Of(d => d.TimeOfDay.TotalHours));
        }

        if (dates.HasDate)
        {
            int start = DayNumber(first());
            var hours = dates.HasTime ? $" + ({Hour}) / 24f" : "";
            yield return ("days", Guarded(string.Create(CultureInfo.InvariantCulture, $"single({Days} - {start}){hours}")),
                Of(d => DayNumber(d) - start + (dates.HasTime ? d.TimeOfDay.TotalDays : 0)));
        }
    }

    // What Days makes of a date.
    private static int DayNumber(DateTime date) => (date.Date - DateTime.UnixEpoch).Days + 719_469;

    private static IEnumerable<string> Words(IDataView view, string name) => view.GetColumn<ReadOnlyMemory<char>>(name).Select(w => w.ToString());

    private static string? Usual(IEnumerable<string> words) => words.Where(w => w.Length > 0).GroupBy(w => w).MaxBy(g => g.Count())?.Key;

    private static float Median(List<float> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static string Escaped(string word) =>
        word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}

using System.Globalization;
using System.Text;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Predictions as a table: the rows' own columns, the prediction, and the score of each class.</summary>
public static class PredictionFile
{
    /// <summary>Writes predictions, row by row; the file is there whole or not at all.</summary>
    /// <param name="path">The <c>.csv</c>.</param>
    /// <param name="predictions">The predictions, all of one model; those of tables of tables with the same columns.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="InvalidDataException">Tables have different columns.</exception>
    public static long Write(string path, IEnumerable<Prediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        long count = 0;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            Prediction? first = null;
            foreach (var prediction in predictions)
            {
                if (first is null)
                {
                    first = prediction;
                    writer.WriteLine(Line([.. Own(first), .. Added(first)]));
                }
                else if (!first.Columns.SequenceEqual(prediction.Columns))
                {
                    throw new InvalidDataException($"'{prediction.Source}' has the columns {string.Join(", ", prediction.Columns)}, but '{first.Source}' has "
                        + $"{string.Join(", ", first.Columns)}; write them to files of their own.");
                }

                var scores = prediction.Scores.ToDictionary(s => s.Name, s => s.Score);
                writer.WriteLine(Line(
                [
                    .. prediction.Columns.Count > 0 ? prediction.Fields : [prediction.Source],
                    Word(prediction.Predicted),
                    .. Names(first).Select(name => scores[name].ToString("R", CultureInfo.InvariantCulture)),
                ]));
                count++;
            }
        });
        return count;
    }

    private static IEnumerable<string> Own(Prediction prediction) => prediction.Columns.Count > 0 ? prediction.Columns : ["file"];

    // In the order of the first row's scores, which is that of its chances: sorted, so that files of two runs look alike.
    private static IEnumerable<string> Names(Prediction prediction) =>
        prediction.Predicted is double && prediction.Scores.Count == 1 ? [] : prediction.Scores.Select(s => s.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Added(Prediction prediction) =>
        Names(prediction).Select(name => prediction.AreShares && prediction.Predicted is not double && name != "probability" ? $"probability of {name}" : name)
            .Prepend("predicted").Select(name => Unused(name, prediction.Columns));

    // A table of predictions may be predicted for again.
    private static string Unused(string name, IReadOnlyList<string> columns) => columns.Contains(name) ? Unused(name + " again", columns) : name;

    private static string Word(object? predicted) =>
        predicted is double number ? number.ToString("R", CultureInfo.InvariantCulture) : predicted is bool yes ? yes ? "true" : "false" : $"{predicted}";

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(f =>
        f.AsSpan().ContainsAny("\",\r\n") || (f.Length > 0 && (f[0] == ' ' || f[^1] == ' ')) ? $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : f));
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MlNetDl.Search.Analysis;

/// <summary>Named columns and rows: the one form in which analyses leave as CSV and JSON.</summary>
/// <param name="Name">The name of the rows, camelCase.</param>
/// <param name="Columns">The columns' names, none twice. Those of parameters have the prefix <c>param.</c>.</param>
/// <param name="Rows">The rows, each with a cell a column: text, a number, a <see cref="bool"/>, a
/// <see cref="DateTimeOffset"/>, an enum, or <see langword="null"/> for an empty cell.</param>
/// <remarks>Numbers are written so that reading gives the same bits; times are ISO 8601. What JSON has no number for is
/// text in it: <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.
/// <para>A spreadsheet takes a cell that begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tab or a carriage return for
/// a formula, and runs it. So such a text gets an apostrophe in front in CSV, unless it is a number (OWASP, "CSV
/// Injection"). JSON has it as it is. To read the text again, take one apostrophe off where apostrophes are followed by
/// one of these characters: a text that begins so already gets a further one, so that nothing is lost.</para></remarks>
public sealed record AnalysisTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Properties that all rows share, such as the objective or the method; in JSON only. None by
    /// default.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Facts { get; init; } = [];

    /// <summary>Comma-separated values with a header line (RFC 4180, lines end in a line feed); a missing
    /// value is empty. A text that a spreadsheet would take for a formula has an apostrophe in front.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        foreach (var row in Rows.Prepend(Columns))
        {
            text.AppendJoin(',', row.Select(Cell)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>An object with the name, the facts, and the rows as objects.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            foreach (var (name, value) in Facts)
            {
                writer.WritePropertyName(name);
                Write(writer, value);
            }

            writer.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                writer.WriteStartObject();
                for (int i = 0; i < Columns.Count; i++)
                {
                    writer.WritePropertyName(Columns[i]);
                    Write(writer, row[i]);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A value as plain text, exact.</summary>
    internal static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        Enum state => JsonNamingPolicy.CamelCase.ConvertName(state.ToString()),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Cell(object? value)
    {
        var text = value is string given && IsFormula(given) ? $"'{given}" : Text(value);
        return text.AsSpan().ContainsAny(",\"\r\n") || (text.Length == 0 && value is not null)
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }

    /// <summary>Whether a spreadsheet would run a text, or its apostrophes could be taken for those of a text that it would
    /// run. Numbers, such as options of a choice, are no formulas.</summary>
    private static bool IsFormula(string text)
    {
        var bare = text.AsSpan().TrimStart('\'');
        return bare is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int whole:
                writer.WriteNumberValue(whole);
                break;
            case long whole:
                writer.WriteNumberValue(whole);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case IReadOnlyList<double> list:
                writer.WriteStartArray();
                foreach (double number in list)
                {
                    Write(writer, number);
                }

                writer.WriteEndArray();
                break;
            case IReadOnlyList<string> list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    writer.WriteStringValue(item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Text(value));
                break;
        }
    }
}

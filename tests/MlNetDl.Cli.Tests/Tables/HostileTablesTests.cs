using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Sixty tables as people have them: each is trained on, with all that it holds accounted for, or refused by one message with file, cause and
/// remedy.</summary>
public sealed partial class HostileTablesTests : IDisposable
{
    private const string Usual = "label: y";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // The text, what is said of it, the rows that are trained on and tested with, and what must be told.
    public static TheoryData<string, string, string, int, string> Trained => new()
    {
        { "plain", Rows("a,b,y"), Usual, 24, "2 columns of numbers (a, b)" },
        { "semicolons", Rows("a;b;y", ";"), Usual, 24, "separated by ';'" },
        { "tabs", Rows("a\tb\ty", "\t"), Usual, 24, "2 columns of numbers (a, b)" },
        { "bars", Rows("a|b|y", "|"), Usual, 24, "separated by '|'" },
        { "blanks", Rows("a b y", "  "), Usual, 24, "separated by blanks" },
        { "sep line", "sep=;\n" + Rows("a;b;y", ";"), Usual, 24, "separated by ';'" },
        { "line ends of windows", Rows("a,b,y").Replace("\n", "\r\n", StringComparison.Ordinal), Usual, 24, "2 columns of numbers" },
        { "byte order mark", "\ufeff" + Rows("a,b,y"), Usual, 24, "2 columns of numbers (a, b)" },
        { "empty lines", Rows("a,b,y").Replace("\n5,", "\n\n\n5,", StringComparison.Ordinal), Usual, 24, "2 empty lines left out" },
        { "rows without values", Rows("a,b,y") + ",,\n,,\n", Usual, 24, "2 rows without any value left out" },
        { "a title", "Sales of 2024\n\n" + Rows("a,b,y"), Usual, 24, "1 line above the header left out ('Sales of 2024')" },
        { "a comment", Rows("a,b,y").Replace("\n5,", "\n# checked by Ann\n5,", StringComparison.Ordinal), Usual, 24, "looks like a comment left out" },
        { "a trailing separator", Rows("a,b,y").Replace("\n", ",\n", StringComparison.Ordinal), Usual, 24, "each row ends with a separator" },
        { "a counting column", Numbered(Rows("a,b,y")), Usual, 24, "the first column, which has no name, counts or names rows: left out" },
        { "line breaks in quotes", Rows("a,b,t,y", more: i => $"\"two\nlines {i % 3}\""), Usual, 24, "1 column of words (t)" },
        { "separators in quotes", Rows("a,b,t,y", more: i => $"\"x, y {i % 3}\""), Usual, 24, "1 column of words (t)" },
        { "quotes in a field", Rows("a,b,t,y", more: i => $"{i % 3}\" pipe"), Usual, 24, "1 column of words (t)" },
        { "decimal commas", Rows("a;b;y", ";", number: i => $"{i},5"), Usual, 24, "decimal comma" },
        { "thousands", Rows("a;b;y", ";", number: i => $"{i + 1}.000,50"), Usual, 24, "is 1000.5" },
        { "percents", Rows("a,b,y", number: i => $"{i}%"), Usual, 24, "column 'a' read as numbers: '0%' in line 2 is 0" },
        { "a currency", Rows("a,b,y", number: i => $"${i}.50"), Usual, 24, "'$0.50' in line 2 is 0.5" },
        { "negatives in brackets", Rows("a,b,y", number: i => i % 2 == 0 ? $"({i + 1}.5)" : $"{i}.5"), Usual, 24, "is -1.5" },
        { "dates", Rows("a,b,d,y", more: i => $"2024-03-{i + 1:00}"), Usual, 24, "column 'd' read as dates" },
        { "dates of digits", Rows("a,b,d,y", more: i => $"202403{i + 1:00}"), Usual, 24, "column 'd' read as dates" },
        { "offsets", Rows("a,b,d,y", more: i => $"2024-03-{i + 1:00}T10:00:00+02:00"), Usual, 24, "UTC" },
        { "texts", Rows("a,b,t,y", more: i => $"a long and good text of words {i}"), Usual, 24, "1 column of texts (t)" },
        { "codes", Rows("a,b,zip,y", more: i => $"0{1234 + (i % 3)}"), $"{Usual}, categorical: [zip]", 24, "1 column of words (zip)" },
        { "missing numbers", Rows("a,b,y", number: i => i == 3 ? "NA" : $"{i}"), $"{Usual}, missing: median", 24, "a 1 (from line 5, the median" },
        { "dropped rows", Rows("a,b,y", number: i => i == 3 ? "" : $"{i}"), $"{Usual}, missing: drop", 23, "1 row left out for missing values (a 1)" },
        { "own words", Rows("a,b,y", number: i => i == 3 ? "-999" : $"{i}"), $"{Usual}, missing: mean, missingWords: [-999]", 24, "missing values: a 1" },
        { "dashes", Rows("a,b,y", number: i => i == 3 ? "-" : $"{i}"), $"{Usual}, missing: mode", 24, "missing values: a 1" },
        { "totals", Rows("a,b,y") + "Total,276,\n", Usual, 24, "of totals left out" },
        { "an empty column", Rows("a,b,c,y", more: _ => ""), $"{Usual}, missing: mean", 24, "missing values: c 24" },
        { "a rare class", Rows("a,b,y") + "5,1,odd\n6,1,odd\n", Usual, 26, "fewer than 5 rows" },
        { "yes and no", Rows("a,b,y", label: i => i % 2 == 0 ? "Yes" : "no"), $"{Usual}\ntask: binary", 24, "positive: 'Yes'" },
        { "words for yes", Rows("a,b,y"), $"{Usual}, positive: v\ntask: binary", 24, "positive: 'v'" },
        { "no header", Rows("").TrimStart('\n'), "label: column3, header: false", 24, "2 columns of numbers (column1, column2)" },
        { "several labels", Rows("a,b,y", label: i => i % 3 == 0 ? "u|v" : i % 3 == 1 ? "u" : ""), $"{Usual}\ntask: multilabel", 24, "rows have several" },
        { "a name in another script", Rows("größe,b,y"), Usual, 24, "(größe, b)" },
    };

    // The text, what is said of it, and what the one message must have.
    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "nothing", "", Usual, "t.csv" },
        { "a header alone", "a,b,y\n", Usual, "t.csv" },
        { "zero bytes", "a,b,y\n1,\0,u\n", Usual, "t.csv" },
        { "a name twice", Rows("a,a,y"), Usual, "has the name 'a' for the columns 1 and 2" },
        { "a name missing", Rows("a,,y"), Usual, "has no name for column 2 of 3" },
        { "too many fields", Rows("a,b,y").Replace("\n5,11,", "\n5,11,5,5,", StringComparison.Ordinal), Usual, "line 7" },
        { "a word among numbers", Rows("a,b,y", number: i => i == 3 ? "oops" : $"{i}"), $"{Usual}, numeric: [a]", "line 5: column 'a' holds words ('oops')" },
        { "a gap", Rows("a,b,y", number: i => i == 3 ? "" : $"{i}"), Usual, "line 5: column 'a' is empty" },
        { "infinity", Rows("a,b,y", number: i => i == 3 ? "inf" : $"{i}"), Usual, "a network needs finite numbers" },
        { "no label", Rows("a,b,y", label: i => i == 3 ? "" : "uv"[i % 2].ToString()), Usual, "line 5: column 'y' is empty" },
        { "one class", Rows("a,b,y", label: _ => "u"), Usual, "'u' alone" },
        { "two spellings", Rows("a,b,y", label: i => i % 3 == 0 ? "cat" : i % 3 == 1 ? "Cat" : "dog"), Usual, "differ in their spelling alone" },
        { "amounts for classes", Rows("a,b,y", label: i => $"{i}.{i % 7}"), Usual, "are these amounts? Write task: regression" },
        { "classes for amounts", Rows("a,b,y"), $"{Usual}\ntask: regression", "needs numbers" },
        { "which is yes", Rows("a,b,y"), $"{Usual}\ntask: binary", "which one is the positive one?" },
        { "two readings of numbers", Rows("a;b;y", ";", number: i => $"{i + 1},{i + 100}"), Usual, "data.decimal" },
        { "two readings of dates", Rows("a,b,d,y", more: i => $"{(i % 9) + 1:00}/0{(i % 8) + 1}/2024"), Usual, "data.dates" },
        { "mixed offsets", Rows("a,b,d,y", more: i => $"2024-03-{i + 1:00}T10:00:00{(i % 2 == 0 ? "Z" : "")}"), Usual, "write it for all or for none" },
        { "a lost header", Rows("").TrimStart('\n'), "label: column3", "data.header" },
        { "another label", Rows("a,b,y"), "label: price", "has no column 'price' to predict; it has: a, b, y" },
        { "an unknown column", Rows("a,b,y"), $"{Usual}, ignore: [c]", "data.ignore names 'c', which is no column" },
        { "the label ignored", Rows("a,b,y"), $"{Usual}, ignore: [y]", "data.ignore names 'y', which is the label" },
        { "nothing to learn from", Rows("a,b,y"), $"{Usual}, ignore: [a, b]", "has no feature columns" },
        { "sets as classes", Rows("a,b,y", label: i => i % 3 == 0 ? "u|v" : i % 3 == 1 ? "u" : "v"), Usual, "may a row have several labels?" },
    };

    [Theory]
    [MemberData(nameof(Trained))]
    public void A_table_is_trained_on_with_all_rows_accounted_for(string name, string text, string data, int rows, string said)
    {
        Write(text, data);
        var (code, output, error) = Tool.Run("run", folder["t.yaml"], "-o", folder["run"]);
        Assert.True(code == 0, $"{name}: {error}");
        var told = output + error;
        Assert.Contains(said, told, StringComparison.Ordinal);
        var counts = RowCounts().Match(told);
        Assert.Equal(rows, int.Parse(counts.Groups[1].Value, null) + int.Parse(counts.Groups[2].Value, null));
        // The same file gets a prediction for every row that has a value, and the model knows how it was written.
        var predicted = Tool.Run("predict", folder["run/model.zip"], folder["t.csv"], "-o", folder["p.csv"]);
        Assert.True(predicted.Code == 0 || predicted.Error.StartsWith("mldl: ", StringComparison.Ordinal), $"{name}: {predicted.Error}");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_table_is_refused_by_one_message(string name, string text, string data, string refusal)
    {
        Write(text, data);
        var (code, _, error) = Tool.Run("run", folder["t.yaml"], "-o", folder["run"]);
        Assert.True(code is 1 or 2, $"{name}: exit code {code}");
        var messages = error.Split('\n').Where(line => line.StartsWith("mldl: ", StringComparison.Ordinal));
        Assert.Single(messages, line => !line.StartsWith("mldl: warning", StringComparison.Ordinal));
        Assert.Contains(refusal, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/model.zip"]));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("windows-1252")]
    [InlineData("gzip")]
    [InlineData("zip")]
    public void Encodings_and_packed_files_are_read(string form)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = Rows("größe,b,y");
        Write("", Usual);
        switch (form)
        {
            case "gzip":
                using (var file = new GZipStream(File.Create(folder["t.csv"]), CompressionLevel.Fastest))
                {
                    file.Write(Encoding.UTF8.GetBytes(text));
                }

                break;
            case "zip":
                File.Delete(folder["t.csv"]);
                using (var zip = ZipFile.Open(folder["t.csv"], ZipArchiveMode.Create))
                using (var entry = zip.CreateEntry("t.csv").Open())
                {
                    entry.Write(Encoding.UTF8.GetBytes(text));
                }

                break;
            default:
                File.WriteAllText(folder["t.csv"], text, Encoding.GetEncoding(form));
                break;
        }

        var (code, output, error) = Tool.Run("run", folder["t.yaml"], "-o", folder["run"]);
        Assert.True(code == 0, error);
        Assert.Contains("(größe, b)", output, StringComparison.Ordinal);
    }

    private static string Rows(
        string header, string separator = ",", Func<int, string>? number = null, Func<int, string>? more = null, Func<int, string>? label = null) =>
        header + "\n" + string.Concat(Enumerable.Range(0, 24).Select(i => string.Join(
            separator,
            ((string?[])[number?.Invoke(i) ?? $"{i}", $"{i * 7 % 24}", more?.Invoke(i), label?.Invoke(i) ?? "uv"[i % 2].ToString()]).OfType<string>()) + "\n"));

    private static string Numbered(string text) =>
        string.Join('\n', text.TrimEnd('\n').Split('\n').Select((line, i) => $"{(i == 0 ? "" : i - 1)},{line}")) + "\n";

    private void Write(string text, string data)
    {
        var (keys, task) = data.Split('\n') is [var said, var other] ? (said, other) : (data, "task: multiclass");
        File.WriteAllText(folder["t.csv"], text);
        File.WriteAllText(folder["t.yaml"], $"name: t\n{task}\ndata: {{ csv: '{folder["t.csv"]}', {keys} }}\nnetwork: {{ type: mlp, hidden: [2] }}\n"
            + "training: { epochs: 1, batchSize: 8, threads: 1, seed: 1 }\n");
    }

    [GeneratedRegex(@"(\d+) rows to train on, (\d+) to test with")]
    private static partial Regex RowCounts();
}

using System.Globalization;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Dates as people write them, with zones and as numbers.</summary>
public sealed class DateFormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Two values, the note, and the first value as a model takes it.
    [Theory]
    [InlineData("31 Jan 2024", "1 May 2024", "dates (d MMM yyyy)", "2024-01-31T00:00:00")]
    [InlineData("Jan 31, 2024", "May 1, 2024", "dates (MMM d, yyyy)", "2024-01-31T00:00:00")]
    [InlineData("31 January 2024", "1 May 2024", "dates (d MMMM yyyy)", "2024-01-31T00:00:00")]
    [InlineData("31. Jan 2024", "1. May 2024", "dates (d. MMM yyyy)", "2024-01-31T00:00:00")]
    [InlineData("Wed, 31 Jan 2024 10:00:00 GMT", "Wed, 1 May 2024 10:00:00 GMT", "dates (ddd, d MMM yyyy H:mm:ss)", "2024-01-31T10:00:00")]
    [InlineData("2024/01/31", "2024/02/01", "dates (yyyy/M/d)", "2024-01-31T00:00:00")]
    [InlineData("1/31/2024 1:45 PM", "2/1/2024 12:05 AM", "dates (M/d/yyyy h:mm tt)", "2024-01-31T13:45:00")]
    [InlineData("1/31/2024 1:45pm", "2/1/2024 12:05am", "dates (M/d/yyyy h:mmtt)", "2024-01-31T13:45:00")]
    [InlineData("1:45:10 PM", "12:05:00 AM", "times (h:mm:ss tt)", "0001-01-01T13:45:10")]
    // Offsets: one moment has one reading, that of UTC.
    [InlineData("2024-01-31T10:00:00+02:00", "2024-07-31T10:00:00Z",
        "dates (yyyy-M-dTH:mm:ss), in UTC: '2024-01-31T10:00:00+02:00' is 2024-01-31T08:00:00", "2024-01-31T08:00:00")]
    [InlineData("2024-01-31 23:30:00-05", "2024-07-31 10:00:00-04",
        "dates (yyyy-M-d H:mm:ss), in UTC: '2024-01-31 23:30:00-05' is 2024-02-01T04:30:00", "2024-02-01T04:30:00")]
    [InlineData("2024-01-31 10:00 +0530", "2024-07-31 10:00 +0530",
        "dates (yyyy-M-d H:mm), in UTC: '2024-01-31 10:00 +0530' is 2024-01-31T04:30:00", "2024-01-31T04:30:00")]
    [InlineData("2024-01-31T10:00:00Z", "2024-07-31T10:00:00+00:00", "dates (yyyy-M-dTH:mm:ss)", "2024-01-31T10:00:00")]
    public void A_form_is_seen_and_said(string one, string other, string note, string read)
    {
        File.WriteAllLines(folder["t.csv"], ["d;y", $"{one};a", $"{other};b"]);
        var table = Table.Read(folder["t.csv"]);
        Assert.Contains($"column 'd' read as {note}", table.Notes);
        Assert.Equal(read, table.Columns[0].Dates!.Read(one)!.Value.ToString(DateForm.Standard, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Times_with_and_without_an_offset_are_not_mixed()
    {
        string[] with = ["2024-01-31T10:00:00+02:00", "2024-02-01T10:00:00+02:00"], without = ["2024-01-31T10:00:00", "2024-02-01T10:00:00"];
        Write("mixed.csv", [.. with, .. without]);
        Assert.Contains("column 'd' has times with their distance from UTC ('2024-01-31T10:00:00+02:00' in line 2) and without it ('2024-01-31T10:00:00' in line 4)",
            Refused(Data("mixed.csv")), StringComparison.Ordinal);
        // Nobody asks about a column that is not used.
        (Data("mixed.csv") with { Ignore = ["d"] }).Load(null);

        Write("with.csv", with);
        Write("without.csv", without);
        Assert.Contains("'d' has times without their distance from UTC, and those of", Refused(Data("with.csv", "without.csv")), StringComparison.Ordinal);
        Assert.Contains("'d' has times with their distance from UTC, and those of", Refused(Data("without.csv", "with.csv")), StringComparison.Ordinal);
        // Those of UTC may be either.
        Write("utc.csv", ["2024-01-31T10:00:00Z", "2024-02-01T10:00:00Z"]);
        Data("with.csv", "utc.csv").Load(null);
        Data("utc.csv", "without.csv").Load(null);
    }

    [Fact]
    public void Eight_digits_are_dates_where_all_are()
    {
        Write("t.csv", ["20240131", "20240201", "NA", "19991231"]);
        Assert.Contains("column 'd' read as dates (yyyyMMdd)", Data("t.csv").Load(null).Description, StringComparison.Ordinal);
        Assert.True(Table.Read(folder["t.csv"]).With(["d"], []).Columns[0].IsNumber);
        // One that is no date makes all of them numbers, which is questioned.
        Write("t.csv", ["20240131", "20240201", "20240230", "19991231"]);
        Assert.Contains("such as '20240131' in line 2: are they dates or codes?", string.Join(' ', Data("t.csv").Load(null).Warnings), StringComparison.Ordinal);
        // Two may be so by chance, and years before 1900 or after 2100 are amounts.
        Write("t.csv", ["20240131", "20240201"]);
        Assert.True(Table.Read(folder["t.csv"]).Columns[0].IsNumber);
        Write("t.csv", ["10240131", "30240201", "31240201"]);
        Assert.True(Table.Read(folder["t.csv"]).Columns[0].IsNumber);
    }

    [Theory]
    [InlineData(TimestampUnit.Seconds, "1706695200")]
    [InlineData(TimestampUnit.Milliseconds, "1706695200000")]
    [InlineData(TimestampUnit.Microseconds, "1706695200000000")]
    [InlineData(TimestampUnit.Nanoseconds, "1706695200000000000")]
    public void Counts_since_1970_are_named_and_become_dates(TimestampUnit unit, string first)
    {
        Write("t.csv", [first, $"{first[..^1]}9", $"{first[..^1]}5"]);
        var key = $"d: {unit.ToString().ToLowerInvariant()}";
        Assert.Contains($"'{first}', which is 2024-01-31T10:00:00 in", string.Join(' ', Data("t.csv").Load(null).Warnings), StringComparison.Ordinal);
        Assert.Contains($"data.timestamps: {{ {key} }}", string.Join(' ', Data("t.csv").Load(null).Warnings), StringComparison.Ordinal);
        var said = Data("t.csv") with { Timestamps = new() { ["d"] = unit } };
        Assert.Contains($"in UTC: '{first}' is 2024-01-31T10:00:00", said.Load(null).Description, StringComparison.Ordinal);
        Assert.Empty(said.Load(null).Warnings);
    }

    [Fact]
    public void Other_values_are_no_counts_since_1970()
    {
        Write("t.csv", ["1706695200", "soon"]);
        Assert.Contains("line 3: column 'd' has 'soon', but data.timestamps says that it counts seconds since 1970",
            Refused(Data("t.csv") with { Timestamps = new() { ["d"] = TimestampUnit.Seconds } }), StringComparison.Ordinal);
        Write("t.csv", ["1706695200000", "1706695200001"]);
        Assert.Contains("line 2: column 'd' has '1706695200000', but data.timestamps",
            Refused(Data("t.csv") with { Timestamps = new() { ["d"] = TimestampUnit.Seconds } }), StringComparison.Ordinal);
        Assert.Contains("data.timestamps names 'e', which is no column", Refused(Data("t.csv") with { Timestamps = new() { ["e"] = TimestampUnit.Seconds } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_keeps_numbers_that_are_dates_and_offsets()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{1706695200 + (i * 86_400)},{new DateTime(2024, 1, 1).AddDays(i):yyyyMMdd},2024-01-{(i % 28) + 1:00}T10:00:00+02:00,{"xy"[i % 2]}"))
            .Prepend("stamp,day,at,kind"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ndata: {{ csv: '{folder["t.csv"]}', label: kind, timestamps: {{ stamp: seconds }} }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 2, threads: 1 }\n");
        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
        // One row of digits would be a number to anybody else.
        var (code, _, error) = Predict("1706695200,20240301,2024-03-01T10:00:00+02:00");
        Assert.True(code == 0, error);
        Assert.Contains("column 'day' read as dates (yyyyMMdd)", error, StringComparison.Ordinal);
        Assert.Contains("'1706695200' is 2024-01-31T10:00:00", error, StringComparison.Ordinal);
        (code, _, error) = Predict("1706695200,20240301,2024-03-01T10:00:00");
        Assert.Equal(1, code);
        Assert.Contains("column 'at' has times without their distance from UTC, and those that the model was trained on are with it", error, StringComparison.Ordinal);
        Assert.Contains("timestamps: { stamp: seconds }", Tool.Run("new", "--data", folder["t.csv"], "--label", "kind").Output, StringComparison.Ordinal);

        (int Code, string Output, string Error) Predict(string row)
        {
            File.WriteAllLines(folder["p.csv"], ["stamp,day,at", row]);
            return Tool.Run("predict", folder["run/model.zip"], folder["p.csv"]);
        }
    }

    private void Write(string name, IReadOnlyList<string> dates) =>
        File.WriteAllLines(folder[name], dates.Select((d, i) => $"{d},{i % 3}.5").Prepend("d,x"));

    private CsvData Data(string train, string? test = null) =>
        new() { Csv = folder[train], TestCsv = folder[test ?? train], Missing = MissingValues.Median };

    private static string Refused(CsvData data) => Assert.Throws<InvalidDataException>(() => data.Load(null)).Message;
}

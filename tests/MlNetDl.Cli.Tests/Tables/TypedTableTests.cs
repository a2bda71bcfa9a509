using System.Globalization;
using System.IO.Compression;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using Parquet;
using Parquet.Schema;
using Table = MlNetDl.Experiments.Table;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Parquet and Arrow files are tables like any other, but their types say what columns are.</summary>
public sealed class TypedTableTests : IDisposable
{
    private static readonly DateTime Day = new(2024, 1, 31), Moment = new(2024, 1, 31, 10, 5, 1, 500);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(CompressionMethod.None, 1)]
    [InlineData(CompressionMethod.Snappy, 3)]
    [InlineData(CompressionMethod.Gzip, 2)]
    [InlineData(CompressionMethod.Zstd, 2)]
    public void Types_of_Parquet_say_what_columns_are(CompressionMethod packed, int groups)
    {
        TypedFiles.Parquet(folder["t.parquet"],
        [
            TypedFiles.Of<int>("whole", 1, null, 3), TypedFiles.Of<float>("single", 0.1f, float.NaN, -2e-7f), TypedFiles.Of<double>("double", null, 0.1, 1e300),
            TypedFiles.Of<bool>("yes", true, false, null), TypedFiles.Words("word", "a, \"b\"", null, " c "),
            TypedFiles.Of<decimal>(new DecimalDataField("cents", 30, 2, isNullable: true), 12.50m, -0.05m, null),
            TypedFiles.Of<DateTime>(new DateTimeDataField("day", DateTimeFormat.Date, isNullable: true), Day, null, Day),
            TypedFiles.Of<DateTime>(new DateTimeDataField("moment", DateTimeFormat.DateAndTimeMicros, isNullable: true), Moment, null, Day),
            TypedFiles.Of<long>(new TimeDataField("time", TimeUnitPrecision.Micros, isNullable: true), 36_000_000_000, null, 0),
            TypedFiles.Of<ulong>("huge", 1, 2, 18_000_000_000_000_000_001),
        ], groups, packed);
        var table = Table.Read(folder["t.parquet"]);
        Assert.Equal("whole:n single:n double:n yes:b word:w cents:n day:d moment:d time:d huge:n", Kinds(table));
        Assert.Equal(3 * groups, table.Rows().Count());
        Assert.Equal(["1", "0.1", "", "True", "a, \"b\"", "12.50", "2024-01-31", "2024-01-31T10:05:01.5", "10:00:00", "1"], table.Rows().First().Fields);
        Assert.Equal(["", "", "0.1", "False", "", "-0.05", "", "", "", "2"], table.Rows().ElementAt(1).Fields);
        Assert.Equal(["3", "-2E-07", "1E+300", "", " c ", "", "2024-01-31", "2024-01-31T00:00:00", "00:00:00", "18000000000000000001"],
            table.Rows().Last().Fields);
        Assert.Equal("1 0.1 NaN True a, \"b\" 12.5 2024-01-31T00:00:00 2024-01-31T10:05:01 0001-01-01T10:00:00 1", First(table));
        Assert.Equal(3, table.Columns[^1].Rounded!.Value.Line);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(CompressionCodecType.Lz4Frame, false)]
    [InlineData(CompressionCodecType.Zstd, true)]
    public void Types_of_Arrow_say_what_columns_are(CompressionCodecType? packed, bool isStream)
    {
        var zone = new TimestampType(TimeUnit.Nanosecond, "Europe/Berlin");
        var kinds = new DictionaryType(Int8Type.Default, Int32Type.Default, false);
        TypedFiles.Arrow(folder["t.feather"],
        [
            ("whole", new Int64Array.Builder().Append(1).AppendNull().Build()), ("half", new HalfFloatArray.Builder().Append((Half)0.5).AppendNull().Build()),
            ("yes", new BooleanArray.Builder().Append(true).AppendNull().Build()), ("word", new StringArray.Builder().Append("x").AppendNull().Build()),
            ("cents", new Decimal128Array.Builder(new Decimal128Type(30, 2)).Append(12.5m).AppendNull().Build()),
            ("day", new Date32Array.Builder().Append(Day).AppendNull().Build()),
            ("moment", new TimestampArray.Builder(zone).Append(new DateTimeOffset(Moment, TimeSpan.FromHours(1))).AppendNull().Build()),
            ("time", new Time32Array.Builder(new Time32Type(TimeUnit.Second)).Append(36_000).AppendNull().Build()),
            ("kind", new DictionaryArray(kinds, new Int8Array.Builder().Append(1).AppendNull().Build(), new Int32Array.Builder().Append(7).Append(9).Build())),
        ], packed, isStream, batches: 2);
        var table = Table.Read(folder["t.feather"]);
        Assert.Equal("whole:n half:n yes:b word:w cents:n day:d moment:d time:d kind:w", Kinds(table));
        // Moments of a zone are read as those of UTC, which is said.
        Assert.Equal(["1", "0.5", "True", "x", "12.50", "2024-01-31", "2024-01-31T09:05:01.5", "10:00:00", "9"], table.Rows().First().Fields);
        Assert.Contains("column 'moment' has moments with a zone (Europe/Berlin): read as those of UTC", table.Notes);
        Assert.Equal("2 rows without any value left out (row 2, 4)", table.Notes[^1]);
        Assert.Equal([1, 3], table.Rows().Select(r => r.Line));
    }

    [Fact]
    public void Texts_stay_texts_and_marks_are_not_guessed()
    {
        // As texts of a CSV, 52.123 beside 1,5 would have two readings.
        TypedFiles.Parquet(folder["t.parquet"],
            [TypedFiles.Of<double>("x", 52.123, 1.234), TypedFiles.Words("comma", "1,5", "2,5"), TypedFiles.Words("zip", "01234", "99999"),
                TypedFiles.Words("day", "2024-01-31", "2024-02-01")]);
        var table = Table.Read(folder["t.parquet"]);
        Assert.Equal("x:n comma:w zip:w day:d", Kinds(table));
        Assert.Equal("52.123 1,5 01234 2024-01-31T00:00:00", First(table));
        Assert.Equal("1.5", First(table.With(["comma"], [])).Split(' ')[1]);
        Assert.Contains("column 'day' read as dates (yyyy-M-d)", table.Notes);
    }

    [Fact]
    public void What_is_no_value_is_refused_by_name_unless_it_is_left_out()
    {
        var lists = new ListArray.Builder(Int32Type.Default);
        var values = (Int32Array.Builder)lists.ValueBuilder;
        var (numbers, classes) = (new Int32Array.Builder(), new StringArray.Builder());
        for (int i = 0; i < 40; i++)
        {
            lists.Append();
            values.Append(i);
            numbers.Append(i % 7);
            classes.Append(i % 2 == 0 ? "a" : "b");
        }

        TypedFiles.Arrow(folder["t.arrow"], [("tags", lists.Build()), ("x", numbers.Build()), ("y", classes.Build())]);
        File.WriteAllText(folder["t.yaml"], Yaml("t.arrow", "label: y"));
        Assert.Contains("column 'tags' is a list, but a feature or label is a number, a date or a word. Write its parts into columns of their own, or leave "
            + "it out: data.ignore: [tags].", Tool.Fails(1, "run", folder["t.yaml"], "--output", folder["run"]), StringComparison.Ordinal);
        File.WriteAllText(folder["t.yaml"], Yaml("t.arrow", "label: y, ignore: [tags]"));
        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
        Assert.Equal(0, Tool.Run("predict", folder["run/model.zip"], folder["t.arrow"], "--output", folder["p.csv"]).Code);
        Assert.Equal("x,y,predicted", File.ReadLines(folder["p.csv"]).First()[..13]);
        foreach (var several in new[] { "label: tags", "labels: [x, tags]" })
        {
            File.WriteAllText(folder["t.yaml"], Yaml("t.arrow", several, "task: multilabel\n"));
            Assert.Contains("column 'tags' is a list", Tool.Fails(1, "run", folder["t.yaml"], "--output", folder["other"]), StringComparison.Ordinal);
        }

        Assert.Contains("ignore: [tags]", Tool.Run("new", "--data", folder["t.arrow"], "--label", "y").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_the_same_from_any_form()
    {
        var (numbers, days, words) = (new double?[120], new DateTime?[120], new string?[120]);
        for (int i = 0; i < 120; i++)
        {
            (numbers[i], days[i], words[i]) = (i % 11 == 0 ? null : (i % 13 / 3.0) + (i % 2), Day.AddDays(i), i % 2 == 0 ? "no" : "yes");
        }

        TypedFiles.Parquet(folder["t.parquet"],
            [TypedFiles.Of("x", numbers), TypedFiles.Of<DateTime>(new DateTimeDataField("d", DateTimeFormat.Date, isNullable: true), days), TypedFiles.Words("y", words)]);
        var (x, d, y) = (new DoubleArray.Builder(), new Date32Array.Builder(), new StringArray.Builder());
        for (int i = 0; i < 120; i++)
        {
            _ = numbers[i] is { } number ? x.Append(number) : x.AppendNull();
            d.Append(days[i]!.Value);
            y.Append(words[i]);
        }

        TypedFiles.Arrow(folder["t.arrow"], [("x", x.Build()), ("d", d.Build()), ("y", y.Build())]);
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 120).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{numbers[i]:R},{days[i]:yyyy-MM-dd},{words[i]}")).Prepend("x,d,y"));
        var predictions = new List<string>();
        string[] names = ["t.csv", "t.parquet", "t.arrow"];
        foreach (var (number, name) in names.Index())
        {
            File.WriteAllText(folder["t.yaml"], Yaml(name, "label: y, missing: median", "task: binary\n"));
            Tool.Json("run", folder["t.yaml"], "--output", folder[$"run-{name}"]);
            // Each model takes the next form.
            Assert.Equal(0, Tool.Run("predict", folder[$"run-{name}/model.zip"], folder[names[(number + 1) % 3]], "--output", folder["p.csv"]).Code);
            predictions.Add(string.Join('\n', File.ReadLines(folder["p.csv"]).Skip(1).Select(l => l[l.IndexOf(',', l.IndexOf(',') + 1)..])));
            Assert.Equal("x,d,y", File.ReadLines(folder["p.csv"]).First()[..5]);
        }

        Assert.Single(predictions.Distinct());
        Assert.Equal(0, Tool.Run("check", folder["t.yaml"]).Code);
        Assert.NotNull(Tool.Json("evaluate", folder["run-t.csv/model.zip"], "--data", folder["t.arrow"])["accuracy"]);
    }

    [Fact]
    public void A_file_is_what_its_bytes_say_and_a_damaged_one_is_one_message()
    {
        File.WriteAllText(folder["t.parquet"], "a,b\n1,x\n2,y\n");
        Assert.Equal("a:n b:w", Kinds(Table.Read(folder["t.parquet"])));
        TypedFiles.Parquet(folder["t.csv"], [TypedFiles.Of<int>("a", 1, 2)]);
        Assert.Equal(["Parquet, whatever its name says"], Table.Read(folder["t.csv"]).Notes);
        Assert.Equal(["data.header says nothing of a file of Parquet"], Table.Read(folder["t.csv"], new() { Header = true }).Notes.Skip(1));
        byte[] whole = File.ReadAllBytes(folder["t.csv"]);
        foreach (int length in new[] { 5, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder["t.parquet"], whole[..length]);
            Refused("t.parquet", "the Parquet file is damaged or cut off");
        }

        TypedFiles.Arrow(folder["t.arrow"], [("a", new Int32Array.Builder().Append(1).Build())]);
        byte[] arrow = File.ReadAllBytes(folder["t.arrow"]);
        File.WriteAllBytes(folder["t.arrow"], arrow[..^9]);
        Refused("t.arrow", "the Arrow file is damaged or cut off");
        File.WriteAllBytes(folder["t.arrow"], [.. "FEA1"u8, 0, 0, 0, 0, 0]);
        Refused("t.arrow", "is a Feather file of version 1");
        File.WriteAllBytes(folder["t.parquet"], [.. "PARE"u8, 0, 0, 0, 0, 0]);
        Refused("t.parquet", "is an encrypted Parquet file");
        using (var packed = new GZipStream(File.Create(folder["t.gz"]), CompressionMode.Compress))
        {
            packed.Write(whole);
        }

        Refused("t.gz", "holds a packed Parquet file; unpack it");
        Directory.CreateDirectory(folder["parts.parquet"]);
        Refused("parts.parquet", "is a folder, but a table is one file");
    }

    [Fact]
    public void Tables_without_rows_without_columns_and_with_names_twice_are_refused()
    {
        TypedFiles.Parquet(folder["t.parquet"], [TypedFiles.Of<int>("a")]);
        Refused("t.parquet", "has columns but no rows");
        TypedFiles.Parquet(folder["t.parquet"], [TypedFiles.Of<int>("a")], groups: 0);
        Refused("t.parquet", "has columns but no rows");
        TypedFiles.Arrow(folder["t.arrow"], []);
        Refused("t.arrow", "has no columns");
        var one = new Int32Array.Builder().Append(1).Build();
        TypedFiles.Arrow(folder["t.arrow"], [("a", one), ("a", one)]);
        Refused("t.arrow", "has the name 'a' for the columns 1 and 2");
    }

    [Fact]
    public void What_is_missing_and_left_out_is_said_by_rows()
    {
        TypedFiles.Parquet(folder["t.parquet"],
            [TypedFiles.Of<long>("__index_level_0__", 0, 1, 2), TypedFiles.Of<double>("x", 1, null, 3), TypedFiles.Words("y", "a", "b", null)]);
        var table = Table.Read(folder["t.parquet"]);
        Assert.Equal(["the index of pandas (__index_level_0__) left out"], table.Notes);
        Assert.Contains("', row 2: column 'x' is empty", Assert.Throws<InvalidDataException>(() => table.MustBeComplete(["x"], null)).Message,
            StringComparison.Ordinal);
        TypedFiles.Parquet(folder["t.parquet"], [TypedFiles.Of<double>("x", 1, null, 3), TypedFiles.Words("y", "a", null, "b")]);
        Assert.Equal("1 row without any value left out (row 2)", Table.Read(folder["t.parquet"]).Notes.Single());
    }

    private string Yaml(string file, string data, string task = "") => $"name: t\n{task}data: {{ csv: '{folder[file]}', {data} }}\n"
        + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 3, threads: 1, optimizer: { type: adam, learningRate: 0.03 } }\n";

    private void Refused(string file, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Table.Read(folder[file]).Rows().Count()).Message, StringComparison.Ordinal);

    private static string Kinds(Table table) =>
        string.Join(' ', table.Columns.Select(c => $"{c.Name}:{(c.IsNumber ? 'n' : c.Dates is not null ? 'd' : c.IsBoolean ? 'b' : 'w')}"));

    private static string First(Table table)
    {
        var view = table.Load(new MLContext(), null, DataKind.String);
        return string.Join(' ', view.Schema.Select(c => c.Type is NumberDataViewType
            ? view.GetColumn<float>(c).First().ToString(CultureInfo.InvariantCulture)
            : view.GetColumn<ReadOnlyMemory<char>>(c).First().ToString()));
    }
}

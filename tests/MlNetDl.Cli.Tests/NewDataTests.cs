using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl new --data</c> writes an experiment that runs on the data that somebody has.</summary>
public sealed class NewDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Many_numbers_are_amounts_and_useless_columns_are_left_out_with_a_reason()
    {
        Table("my houses.csv", "house_id,street,country,zip,rooms,price", 150, i =>
            $"{7 * i + 1000},Road {i},CH,0{i % 9},{(i % 50 == 3 ? "" : i % 6)},{(i == 9 ? "" : i * 1000)}");
        var (yaml, text) = New("my houses.csv", "price");
        Assert.Contains("task: regression", text, StringComparison.Ordinal);
        Assert.Contains("house_id is a number of the row; street has another word in nearly every row; country is always 'CH'", text, StringComparison.Ordinal);
        var data = (CsvData)Experiment.Load(yaml).Data;
        Assert.Equal(["house_id", "street", "country"], data.Ignore);
        Assert.Equal(["zip"], data.Categorical);
        Assert.Equal(MissingValues.Median, data.Missing);
        Assert.Equal(MissingValues.Drop, data.MissingIn!["price"]);
        Runs(yaml);
    }

    [Theory]
    [InlineData("yes", "no", null)]
    [InlineData("gone", "stayed", "gone")]
    [InlineData("1", "2", "1")]
    [InlineData("no", "maybe", "maybe")]
    public void Two_values_are_yes_and_no(string rare, string common, string? positive)
    {
        Table("a.csv", "x,left", 60, i => $"{i % 7},{(i % 3 == 0 ? rare : common)}");
        var (yaml, text) = New("a.csv", "left");
        Assert.Contains("task: binary", text, StringComparison.Ordinal);
        Assert.Equal(positive, ((CsvData)Experiment.Load(yaml).Data).Positive);
        Runs(yaml);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("345")]
    public void Few_values_are_classes(string classes)
    {
        Table("a.csv", "x,kind", 60, i => $"{i % 7},{classes[i % 3]}");
        var (yaml, text) = New("a.csv", "kind");
        Assert.Contains("task: multiclass", text, StringComparison.Ordinal);
        Assert.Contains("3 different values", text, StringComparison.Ordinal);
        Runs(yaml);
    }

    [Fact]
    public void A_folder_has_its_sub_folders_as_classes()
    {
        foreach (var (kind, i) in new[] { "cats", "dogs" }.SelectMany(k => Enumerable.Range(0, 8).Select(i => (k, i))))
        {
            Directory.CreateDirectory(folder[$"photos/{kind}"]);
            using var bitmap = new SkiaSharp.SKBitmap(28, 28);
            bitmap.Erase(new SkiaSharp.SKColor((byte)(kind == "cats" ? 250 : 10), (byte)(i * 20), 0));
            using var file = File.Create(folder[$"photos/{kind}/{i}.png"]);
            bitmap.Encode(file, SkiaSharp.SKEncodedImageFormat.Png, 100);
        }

        var (yaml, text) = New("photos", null);
        Assert.Contains("2 sub-folders are classes", text, StringComparison.Ordinal);
        Assert.Equal(28, ((ImageFolderData)Experiment.Load(yaml).Data).Image.Height);
        Runs(yaml);
    }

    [Fact]
    public void What_cannot_be_learnt_is_refused_with_a_reason()
    {
        Table("a.csv", "name,constant,x", 60, i => $"n{i},1,{i % 4}");
        Assert.Contains("did you mean 'name'", Tool.Fails(2, "new", "--data", folder["a.csv"], "--label", "nam"), StringComparison.Ordinal);
        Assert.Contains("It has: name, constant, x", Tool.Fails(2, "new", "--data", folder["a.csv"]), StringComparison.Ordinal);
        Assert.Contains("there is nothing to predict", Tool.Fails(1, "new", "--data", folder["a.csv"], "--label", "constant"), StringComparison.Ordinal);
        Assert.Contains("nearly every row has another word", Tool.Fails(1, "new", "--data", folder["a.csv"], "--label", "name"), StringComparison.Ordinal);
        Assert.Contains("neither a table nor a folder", Tool.Fails(1, "new", "--data", folder["b.csv"]), StringComparison.Ordinal);
        Assert.Contains("has no classes", Tool.Fails(1, "new", "--data", folder["."]), StringComparison.Ordinal);
        Assert.Contains("leave it out", Tool.Fails(2, "new", "--data", "mnist", "--label", "x"), StringComparison.Ordinal);
        Assert.Contains("--data", Tool.Fails(2, "new"), StringComparison.Ordinal);
        Assert.Contains("one of the two", Tool.Fails(2, "new", "images", "--data", "mnist"), StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_lead_on_from_the_folder_of_the_file_where_the_current_one_has_nothing()
    {
        Table("a.csv", "x,kind", 60, i => $"{i % 7},{"ab"[i % 2]}");
        File.WriteAllText(folder["a.yaml"], "name: t\ndata: { csv: a.csv, label: kind }\nnetwork: mlp\n");
        var found = Experiment.Load(folder["a.yaml"]);
        Assert.Equal(folder["a.csv"], ((CsvData)found.Data).Csv);
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--output", folder["run"]).Code);
        Assert.Contains("beside the experiment's file", File.ReadAllText(folder["run/log.txt"]), StringComparison.Ordinal);
        var beside = new PathsBeside(folder["a.yaml"]);
        var here = Path.GetFileName(Directory.EnumerateFiles(Directory.GetCurrentDirectory()).First());
        File.WriteAllText(folder[here], "");
        Assert.Equal(here, beside.Of("data.csv", here));
        Assert.Contains("is not taken", Assert.Single(beside.Notes), StringComparison.Ordinal);
        Assert.Null(beside.Of("data.testCsv", null));
    }

    private void Table(string name, string head, int rows, Func<int, string> row) =>
        File.WriteAllText(folder[name], head + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i => row(i) + "\n")));

    private (string Yaml, string Text) New(string data, string? label)
    {
        var (code, text, error) = Tool.Run(["new", "--data", folder[data], .. label is null ? (string[])[] : ["--label", label]]);
        Assert.True(code == 0, error);
        var yaml = folder["mine.yaml"];
        File.WriteAllText(yaml, text);
        return (yaml, text);
    }

    private void Runs(string yaml)
    {
        var (code, _, error) = Tool.Run("run", yaml, "training.epochs=1", "--output", folder["run"]);
        Assert.True(code == 0, error);
    }
}

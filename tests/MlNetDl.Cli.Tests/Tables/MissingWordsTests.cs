using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>People name words, also numbers, that stand for missing values in their tables, and models keep them.</summary>
public sealed class MissingWordsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("-999", true)]
    [InlineData("-999.0", true)]
    [InlineData("-9.99e2", true)]
    [InlineData("Unknown", true)]
    [InlineData("NA", true)]
    [InlineData("", true)]
    [InlineData("999", false)]
    [InlineData("unknown1", false)]
    public void A_word_is_missing_in_any_case_and_a_number_however_it_is_written(string value, bool isMissing) =>
        Assert.Equal(isMissing, MissingWords.With(["unknown", "-999"]).Has(value));

    [Fact]
    public void Words_of_single_columns_hold_there_alone()
    {
        File.WriteAllText(folder["t.csv"], "a,b,y\n1,7,p\n999,unknown,q\n3,999,p\n5,8,q\n");
        var data = new CsvData
        {
            Csv = folder["t.csv"],
            TestCsv = folder["t.csv"],
            Label = "y",
            Missing = MissingValues.Median,
            MissingWords = ["unknown", "none"],
            MissingWordsIn = new() { ["a"] = ["999"], ["y"] = ["zz"] },
        };
        var loaded = data.Load(new Tasks.MulticlassClassification());
        Assert.Contains("missing values: a 1 (from line 3, the median in their place), b 1 (from line 3,", loaded.Description, StringComparison.Ordinal);
        // What nothing is may be misspelled.
        Assert.Contains("no value is 'none' (data.missingWords)", loaded.Description, StringComparison.Ordinal);
        Assert.Contains("no value of 'y' is 'zz' (data.missingWordsIn)", loaded.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("'unknown'", loaded.Description, StringComparison.Ordinal);
        var view = Table.Read(folder["t.csv"], data.Options).Load(new MLContext(), null, DataKind.String);
        Assert.Equal([1, float.NaN, 3, 5], view.GetColumn<float>("a"));
        Assert.Equal([7, float.NaN, 999, 8], view.GetColumn<float>("b"));
        Assert.Contains("data.missingWordsIn names 'c', which is no column",
            Assert.Throws<InvalidDataException>(() => (data with { MissingWordsIn = new() { ["c"] = ["x"] } }).Load(null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_a_label_may_be_dropped()
    {
        File.WriteAllText(folder["t.csv"], "a,y\n1,p\n2,pending\n3,q\n4,p\n5,q\n");
        var data = new CsvData { Csv = folder["t.csv"], TestCsv = folder["t.csv"], Label = "y", MissingWords = ["pending"] };
        Assert.Contains("line 3: column 'y' is 'pending'; every row needs a label",
            Assert.Throws<InvalidDataException>(() => data.Load(new Tasks.MulticlassClassification())).Message, StringComparison.Ordinal);
        var dropped = data with { MissingIn = new() { ["y"] = MissingValues.Drop } };
        Assert.Contains("1 row left out for missing values (y 1)", dropped.Load(new Tasks.MulticlassClassification()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_keeps_them()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i =>
            $"{(i % 9 == 0 ? "-999" : $"{(i % 2 * 4) + (i % 3)}")},{(i % 7 == 0 ? "unknown" : $"k{i % 3}")},{"xy"[i % 2]}").Prepend("a,k,kind"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ndata: {{ csv: '{folder["t.csv"]}', label: kind, missing: median, missingWords: [unknown, -999] }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 20, threads: 1 }\n");
        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
        var (code, told, error) = Tool.Run("compress", folder["run/model.zip"], "--data", folder["t.csv"], "--stage", "int8", "--output", folder["small"]);
        Assert.Equal("", code == 0 ? "" : error);
        Assert.Contains("missing values: a 7 (from line 2, filled in as the model does)", told, StringComparison.Ordinal);
        foreach (var model in new[] { "run", "small" })
        {
            Assert.Equal(Predict(model, "a,k\n,\n"), Predict(model, "a,k\n-999,unknown\n"));
            Assert.NotEqual(Predict(model, "a,k\n,\n"), Predict(model, "a,k\n-998,k1\n"));
        }
    }

    private string Predict(string model, string rows)
    {
        File.WriteAllText(folder["p.csv"], rows);
        var (code, output, error) = Tool.Run("predict", folder[$"{model}/model.zip"], folder["p.csv"]);
        Assert.True(code == 0, error);
        return output;
    }
}

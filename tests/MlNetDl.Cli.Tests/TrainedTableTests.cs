using System.Text.Json.Nodes;

namespace MlNetDl.Cli.Tests;

/// <summary>How the table was written that a model was trained on goes with the model, so that other tables are read alike.</summary>
public sealed class TrainedTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_and_dates_of_two_readings_are_read_as_in_training()
    {
        // The mark and the order are plain from 2,5 and from 25/03; the rows to predict leave both in doubt.
        Train("price;when;kind", i => $"{i % 5},5;{(i % 28) + 1:00}/03/2024;{"xy"[i % 2]}", "label: kind");
        File.WriteAllLines(folder["p.csv"], ["price;when", "1,234;03/04/2024", "5,678;05/06/2024"]);
        var (code, output, error) = Tool.Run("predict", folder["run/model.zip"], folder["p.csv"]);
        Assert.Equal(0, code);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("'1,234' in line 2 is 1.234", error, StringComparison.Ordinal);
        Assert.Contains("column 'when' read as dates (d/M/yyyy)", error, StringComparison.Ordinal);
        // What is said on the command line is heeded all the same.
        Assert.Contains("is 1234", Tool.Run("predict", folder["run/model.zip"], folder["p.csv"], "--decimal", ".").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12%", "0.12", "the model was trained on numbers with '%'")]
    [InlineData("0.12", "12%", "the model was trained on numbers without a sign")]
    [InlineData("$12", "€12", "the model was trained on numbers with '$'")]
    [InlineData("$12", "12", null)]
    [InlineData("12%", "13%", null)]
    public void Numbers_of_another_unit_are_refused(string trained, string given, string? refusal)
    {
        Train("rate;kind", i => $"{trained.Replace("12", $"{i % 5}2", StringComparison.Ordinal)};{"xy"[i % 2]}", "label: kind");
        File.WriteAllLines(folder["p.csv"], ["rate;kind", $"{given};x", $"{given};y"]);
        var told = Tool.Run("predict", folder["run/model.zip"], folder["p.csv"]);
        Assert.Equal(refusal is null ? 0 : 1, told.Code);
        Assert.Contains(refusal ?? "", told.Error, StringComparison.Ordinal);
        if (refusal is not null)
        {
            Assert.Contains("column 'rate' has numbers", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["p.csv"]),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_positive_label_is_that_of_the_training()
    {
        Train("a;outcome", i => $"{(i % 2 == 0 ? 5 : 1)}.{i % 7};{(i % 2 == 0 ? "alive" : "dead")}", "label: outcome, positive: alive", "task: binary\n");
        var told = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["t.csv"]);
        Assert.Equal(1, (double)told["accuracy"]!, 1e-9);
        // Small steps for one row, but the label's words must be those of the training.
        File.WriteAllLines(folder["other.csv"], ["a;outcome", "5.1;good", "1.2;bad"]);
        Assert.Contains("'alive' is to be one of two words", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["other.csv"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "TRUE")]
    [InlineData("True", "true")]
    [InlineData("yes", "Yes")]
    public void Words_of_yes_and_no_are_those_of_the_training_however_they_are_spelled(string trained, string given)
    {
        var no = trained[0] is 'y' ? "no" : "false";
        File.WriteAllLines(folder["other.csv"], Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"{given};a" : $"{no};b").Prepend("flag;kind"));
        Train("flag;kind", i => i % 2 == 0 ? $"{trained};a" : $"{no};b", $"label: kind, testCsv: '{folder["other.csv"]}'");
        Assert.Equal(1, (double)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["other.csv"])["accuracy"]!, 1e-9);
        Assert.Equal(1, (double)JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!["metrics"]!["test"]!["accuracy"]!, 1e-9);
        Assert.DoesNotContain("did not have", Tool.Run("predict", folder["run/model.zip"], folder["other.csv"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_row_is_a_header_where_it_names_the_models_columns()
    {
        Train("2019;2020;kind", i => $"{i % 5};{i % 3};{"xy"[i % 2]}", "header: true, label: kind");
        File.WriteAllLines(folder["p.csv"], ["2019;2020", "1;2", "3;1", "4;0"]);
        Assert.Equal(3, Tool.Json("predict", folder["run/model.zip"], folder["p.csv"]).AsArray().Count);

        Train("1;2;x", i => $"{i % 5};{i % 3};{"xy"[i % 2]}", "header: false, label: column3");
        File.WriteAllLines(folder["p.csv"], ["1;2", "3;1", "4;0"]);
        Assert.Equal(3, Tool.Json("predict", folder["run/model.zip"], folder["p.csv"]).AsArray().Count);
    }

    [Fact]
    public void Compressing_takes_a_table_as_the_model_does()
    {
        Train("price;when;outcome", i => $"{(i % 9 == 0 ? "NA" : $"{i % 5},5")};{(i % 28) + 1:00}/03/2024;{(i % 2 == 0 ? "alive" : "dead")}",
            "label: outcome, positive: alive, missing: median", "task: binary\n");
        var (code, output, error) = Tool.Run("compress", folder["run/model.zip"], "--data", folder["t.csv"], "--stage", "int8", "--output", folder["small"]);
        Assert.Equal("", code == 0 ? "" : error);
        Assert.Contains("1 column of dates (when)", output, StringComparison.Ordinal);
        Assert.Contains("filled in as the model does", output, StringComparison.Ordinal);
        Assert.Contains("positive: 'alive'", output, StringComparison.Ordinal);
        // The smaller model knows the table's form, too.
        File.WriteAllLines(folder["p.csv"], ["price;when", "1,234;03/04/2024"]);
        Assert.Contains("is 1.234", Tool.Run("predict", folder["small/model.zip"], folder["p.csv"]).Error, StringComparison.Ordinal);
    }

    private void Train(string header, Func<int, string> row, string data, string task = "")
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(row).Prepend(header));
        File.WriteAllText(folder["t.yaml"], $"name: t\n{task}data: {{ csv: '{folder["t.csv"]}', {data} }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 30, threads: 1, optimizer: { type: adam, learningRate: 0.03 } }\n");
        if (Directory.Exists(folder["run"]))
        {
            Directory.Delete(folder["run"], recursive: true);
        }

        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
    }
}

using System.Globalization;

namespace MlNetDl.Cli.Tests;

/// <summary>Tables whose rows may have several labels: in one column, or in a column each.</summary>
public sealed class MultilabelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("|", "")]
    [InlineData(" ; ", ", labelSeparator: ';'")]
    public void Labels_of_one_column_are_learnt_saved_evaluated_and_predicted(string between, string said)
    {
        WriteSets("t.csv", between);
        Assert.Contains("3 labels of 'tags', rows with each: both 20, high 40, wide 40; 20 rows have several, 20 none",
            Train($"label: tags{said}"), StringComparison.Ordinal);
        var model = folder["run/model.zip"];
        var figures = Tool.Json("evaluate", model, "--data", folder["t.csv"]);
        Assert.Equal((1, 0), ((double)figures["microF1"]!, (double)figures["hammingLoss"]!));
        Assert.True((bool)figures["report"]!["areLabels"]!);
        Assert.Equal(["both", "high", "wide"], figures["report"]!["classes"]!.AsArray().Select(c => (string)c!["name"]!));

        File.WriteAllLines(folder["p.csv"], ["x,y", "1,1", "1,0", "0,0"]);
        Assert.Equal(0, Tool.Run("predict", model, folder["p.csv"], "-o", folder["out.csv"]).Code);
        var predicted = File.ReadAllLines(folder["out.csv"]).Skip(1).Select(l => l.Split(',')[2].Split('|').Order()).ToList();
        Assert.Equal(["both", "high", "wide"], predicted[0]);
        Assert.Equal(["wide"], predicted[1]);
        Assert.Equal([""], predicted[2]);
        Assert.Contains("no label (", Tool.Run("predict", model, folder["p.csv"]).Output, StringComparison.Ordinal);

        File.WriteAllLines(folder["other.csv"], ["x,y,tags", "1,1,both", $"1,1,wide{between}new"]);
        Assert.Contains("line 3: column 'tags' has the label 'new', which the model does not know; its labels are both, high, wide",
            Tool.Fails(1, "evaluate", model, "--data", folder["other.csv"]), StringComparison.Ordinal);
        var (code, output, error) = Tool.Run("compress", model, "--data", folder["t.csv"], "--stage", "magnitudePruning(amount=0.1)", "--agree", model,
            "-o", folder["small"]);
        Assert.True(code == 0, error);
        Assert.Contains("hammingLoss", output, StringComparison.Ordinal);
        Assert.Contains("same prediction as before: 100.0% of 16 test rows", output, StringComparison.Ordinal);
        Assert.Contains($"same prediction as '{model}': 100.0% of 16 test rows", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_for_each_label_is_the_same_vector()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 80).Select(i => $"{i % 2},{i / 2 % 2},{i % 2},{(i / 2 % 2 == 1 ? "yes" : "no")}")
            .Prepend("x,y,wide,high"));
        Assert.Contains("2 labels, rows with each: wide 40, high 40; 20 rows have several, 20 none",
            Train("labels: [wide, high]"), StringComparison.Ordinal);
        Assert.Equal(0, (double)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["t.csv"])["hammingLoss"]!);
        // The model knows its labels by name, so that one column with their names will do.
        File.WriteAllLines(folder["s.csv"], ["x,y,Labels", "1,1,high|wide", "0,0,"]);
        Assert.Equal(0, (double)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["s.csv"])["hammingLoss"]!);
        // A column of that name beside those of the labels is not theirs.
        File.WriteAllLines(folder["l.csv"], ["x,y,wide,high,Labels", "1,1,1,yes,high", "0,0,0,no,wide"]);
        Assert.Equal(0, (double)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["l.csv"])["hammingLoss"]!);
        Assert.Contains("has no label column 'nonsense'",
            Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["t.csv"], "--label", "nonsense"), StringComparison.Ordinal);
        Assert.Contains("has neither a column 'Labels'", Fails("x,y,wide", "1,1,1"), StringComparison.Ordinal);
        Assert.Contains("line 2: column 'high' has 'maybe', but as a label it says for every row whether it has it", Fails("x,y,wide,high", "1,1,1,maybe"),
            StringComparison.Ordinal);
        Assert.Equal(0, Tool.Run("compress", folder["run/model.zip"], "--data", folder["t.csv"], "--stage", "magnitudePruning(amount=0.1)",
            "-o", folder["small"]).Code);

        string Fails(params string[] lines)
        {
            File.WriteAllLines(folder["f.csv"], lines);
            return Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["f.csv"]);
        }
    }

    [Theory]
    [InlineData("multilabel", "label: x", "has two labels with '|' between them in column 'x'. Write task: multiclass")]
    [InlineData("multilabel", "label: tags, labelSeparator: ';'", "he label 'both|high|wide' of")]
    [InlineData("multilabel", "label: tags, labels: [x]", "data.labels names a column for each label, and label one column for all of them")]
    [InlineData("multilabel", "labels: [x, x]", "data.labels names 'x' twice")]
    [InlineData("multilabel", "labels: [x, z]", "data.labels names 'z', which is no column")]
    [InlineData("multilabel", "labels: [x, tags]", "column 'tags' is empty, but as a label it says for every row whether it has it")]
    [InlineData("multilabel", "label: tags, ignore: [tags]", "data.ignore names 'tags', which is the label")]
    [InlineData("multilabel", "ignore: []", "lacks the key 'label'")]
    [InlineData("multiclass", "labels: [x, y]", "data.labels names the columns of several labels a row, which is task: multilabel")]
    [InlineData("multiclass", "label: tags, missing: drop", "has values such as 'both|high|wide': may a row have several labels? Write task: multilabel")]
    [InlineData("multiclass", "label: tags, labelSeparator: ','", "data.labelSeparator stands between several labels of a row")]
    public void What_does_not_suit_is_refused_before_the_first_step(string task, string data, string refusal)
    {
        WriteSets("t.csv", "|");
        Assert.Contains(refusal, Check(task, data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NA", "line 82: column 'tags' has 'NA': has the row no label, or are its labels not known?")]
    [InlineData("a;b", "the label 'a|b' of", ";")]
    [InlineData("high;wide", "has the label 'high;wide', which seems to be several, written in another way")]
    [InlineData("\"['high', 'wide']\"", "has the label '['high', 'wide']', which seems to be several")]
    [InlineData("High|wide", "'High' and 'high' differ in their spelling alone")]
    public void Words_that_may_mean_another_thing_are_asked_about(string labels, string refusal, string between = "|")
    {
        WriteSets("t.csv", between);
        File.AppendAllText(folder["t.csv"], $"1,1,{(between == "|" ? labels : $"a|b{between}c")}\n");
        Assert.Contains(refusal, Check("multilabel", $"label: tags, labelSeparator: '{between}'"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Rare_labels_and_those_of_all_rows_are_named_and_parts_must_know_them()
    {
        WriteSets("t.csv", "|");
        File.AppendAllText(folder["t.csv"], "1,1,odd|wide\n");
        var (_, output, error) = Tool.Run("check", Yaml("multilabel", "label: tags"));
        Assert.Contains("1 label of 'tags' is in fewer than 5 rows: odd 1", output + error, StringComparison.Ordinal);
        File.WriteAllLines(folder["v.csv"], ["x,y,tags", "1,1,new|wide"]);
        Assert.Contains("line 2: column 'tags' has the label 'new', which no row to train on has",
            Check("multilabel", $"label: tags, validation: '{folder["v.csv"]}'"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_keeps_the_sets_of_labels()
    {
        WriteSets("t.csv", "|");
        Train("label: tags, testFraction: 0.25");
        var test = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["run/config.resolved.yaml"]);
        // Of each of the four sets a quarter.
        Assert.Equal([5, 10, 10], test["report"]!["classes"]!.AsArray().Select(c => (int)c!["rows"]!));
    }

    [Theory]
    [InlineData("|", "|")]
    [InlineData("; ", ";")]
    public void A_new_experiment_for_such_a_table_is_one_of_several_labels(string between, string mark)
    {
        WriteSets("t.csv", between);
        var yaml = Tool.Run("new", "--data", folder["t.csv"], "--label", "tags").Output;
        Assert.Contains("task: multilabel", yaml, StringComparison.Ordinal);
        Assert.Contains($"rows have several of 3 labels in 'tags', with {mark} between them", yaml, StringComparison.Ordinal);
        Assert.Equal(mark != "|", yaml.Contains("labelSeparator: ", StringComparison.Ordinal));
        File.WriteAllText(folder["n.yaml"], yaml);
        Assert.Equal(0, Tool.Run("check", folder["n.yaml"], "-o", folder["n"]).Code);
        Assert.Contains("may a row have several labels? Write task: multilabel", Check("multiclass", "label: tags, missing: drop"), StringComparison.Ordinal);
    }

    // 20 rows each of: no label, wide, high, and all three.
    private void WriteSets(string file, string between) => File.WriteAllLines(folder[file], Enumerable.Range(0, 80).Select(i =>
    {
        var (x, y) = (i % 2, i / 2 % 2);
        (bool Has, string Name)[] all = [(x + y == 2, "both"), (y == 1, "high"), (x == 1, "wide")];
        var labels = all.Where(l => l.Has).Select(l => l.Name);
        return string.Create(CultureInfo.InvariantCulture, $"{x},{y},{string.Join(between, labels)}");
    }).Prepend("x,y,tags"));

    private string Train(string data)
    {
        var (code, output, error) = Tool.Run("run", Yaml("multilabel", data), "-o", folder["run"]);
        Assert.True(code == 0, error);
        return output;
    }

    private string Check(string task, string data)
    {
        var (code, _, error) = Tool.Run("check", Yaml(task, data));
        Assert.NotEqual(0, code);
        return error;
    }

    private string Yaml(string task, string data)
    {
        File.WriteAllText(folder["t.yaml"], $"name: t\ntask: {task}\ndata: {{ csv: '{folder["t.csv"]}', {data} }}\nnetwork: {{ type: mlp, hidden: [8] }}\n"
            + "training: { epochs: 60, batchSize: 16, threads: 1, seed: 1, optimizer: { type: adam, learningRate: 0.03 } }\n");
        return folder["t.yaml"];
    }
}

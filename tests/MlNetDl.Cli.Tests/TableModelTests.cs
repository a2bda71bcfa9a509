using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Cli.Tests;

/// <summary>Saved models of tables: in a host, and on rows that training did not have.</summary>
public sealed class TableModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("multiclass", "xy")]
    [InlineData("binary", "01")]
    [InlineData("regression", "37")]
    public void A_host_scores_rows_that_have_no_label(string task, string values)
    {
        File.WriteAllText(folder["t.csv"], "a,colour,outcome\n" + Rows(i => $"{i % 2},{Colour(i)},{values[i % 2]}"));
        Run($"task: {task}, data: {{ csv: '{folder["t.csv"]}', label: outcome }}");
        var ml = new MLContext();
        var model = ml.Model.Load(folder["run/model.zip"], out var schema);
        Assert.Equal(["a", "colour"], schema.Select(c => c.Name));
        Assert.Equal([NumberDataViewType.Single, TextDataViewType.Instance], schema.Select(c => c.Type));

        var rows = new[] { new Row { A = 0, Colour = "red" }, new Row { A = 1, Colour = "blue" } };
        var scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        var scores = TableScores.Rows(scored).ToList();
        File.WriteAllText(folder["rows.csv"], "a,colour\n0,red\n1,blue\n");
        var predicted = Tool.Json("predict", folder["run/model.zip"], folder["rows.csv"]).AsArray();
        if (task == "multiclass")
        {
            Assert.Equal(predicted.Select(p => (string?)p!["predicted"]), scored.GetColumn<string>(ModelColumns.PredictedLabelValue));
            using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
            Assert.Equal("y", engine.Predict(rows[1]).PredictedLabelValue);
        }
        else
        {
            Assert.True(scores[1][0] > scores[0][0]);
        }

        // With the label, the same model evaluates.
        Assert.Equal(40, (int)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["t.csv"])["rows"]!);
    }

    [Fact]
    public void Classes_that_the_model_does_not_know_are_told()
    {
        File.WriteAllText(folder["t.csv"], "a,kind\n" + Rows(i => $"{i % 2},{"xy"[i % 2]}"));
        Run($"data: {{ csv: '{folder["t.csv"]}', label: kind }}");
        File.WriteAllText(folder["new.csv"], "a,truth\n0,x\n1,Y\n0,z\n1,y\n1,z\n0,u\n0,v\n");
        var (code, _, error) = Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["new.csv"], "--label", "truth");
        Assert.Equal(0, code);
        Assert.Matches(
            $"^mldl: warning: '{folder["new.csv"]}': column 'truth' has 5 values that the model does not know \\('Y', "
                + "'z', 'u', …\\); these rows count as wrong. Its classes are (x, y|y, x).$",
            error.Trim());
        Assert.Equal("", Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["t.csv"]).Error);
    }

    [Fact]
    public void Warnings_are_of_one_hot_columns_only()
    {
        var ml = new MLContext(seed: 1);
        File.WriteAllText(folder["t.csv"], "a,colour,note,gone,kind\n" + Rows(i => $"{i % 2},{Colour(i)},word {i % 3},x,{"xy"[i % 2]}"));
        var train = ml.Data.LoadFromTextFile(
            folder["t.csv"],
            [
                new("a", DataKind.Single, 0),
                new("colour", DataKind.String, 1),
                new("note", DataKind.String, 2),
                new("gone", DataKind.String, 3),
                new("kind", DataKind.String, 4),
            ],
            separatorChar: ',',
            hasHeader: true);
        // The chain drops one column of words, makes features of the text of another, and maps the label itself.
        var model = ml.Transforms.Conversion.MapValueToKey("kind")
            .Append(ml.Transforms.Categorical.OneHotEncoding("colour"))
            .Append(ml.Transforms.Text.FeaturizeText("note"))
            .Append(ml.Transforms.Concatenate("Features", "a", "colour", "note"))
            .Append(ml.Transforms.DropColumns("gone"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [4] },
                LabelColumnName = "kind",
                Training = new() { Epochs = 1 },
            }))
            .Fit(train);
        ml.Model.SaveAtomically(model, train.Schema, folder["m.zip"]);
        File.WriteAllText(folder["new.csv"], "a,colour,note,gone,kind\n0,teal,quite another,y,x\n1,red,word 1,z,w\n");
        var (code, _, error) = Tool.Run("evaluate", folder["m.zip"], "--data", folder["new.csv"]);
        Assert.True(code == 0, error);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("column 'colour' has 1 value that the training data did not have ('teal')", lines[0], StringComparison.Ordinal);
        Assert.Contains("column 'kind' has 1 value that the model does not know ('w')", lines[1], StringComparison.Ordinal);
    }

    private static string Colour(int i) => i % 2 == 0 ? "red" : "blue";

    private static string Rows(Func<int, string> row) => string.Concat(Enumerable.Range(0, 40).Select(i => row(i) + "\n"));

    private void Run(string parts)
    {
        File.WriteAllText(folder["a.yaml"], $"{{ name: t, {parts}, network: mlp, training: {{ epochs: 40, batchSize: "
            + "8, optimizer: { type: adam, learningRate: 0.02 } } }");
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"]);
    }

    private sealed class Row
    {
        [ColumnName("a")]
        public float A { get; set; }

        [ColumnName("colour")]
        public string Colour { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabelValue { get; set; } = "";
    }
}

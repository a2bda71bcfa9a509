using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Cli.Tests;

/// <summary><c>evaluate</c> compares classes by what they are called.</summary>
public sealed class EvaluatorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_whose_classes_are_numbered_otherwise_evaluates_to_its_real_accuracy()
    {
        var ml = new MLContext(seed: 1);
        var (train, test) = (Digits("optdigits-train.csv"), Digits("optdigits-test.csv"));
        // MapValueToKey numbers classes as they come in the file, which is not 0, 1, 2, …
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [32] }, epochs: 3))
            .Fit(train);
        ml.Model.SaveAtomically(model, train.Schema, folder["m.zip"]);
        double expected = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        Assert.True(expected > 0.7);
        Assert.Equal(expected, Evaluator.Evaluate(folder["m.zip"], "optdigits").Metrics["accuracy"], 9);

        IDataView Digits(string file) => ml.Data.LoadFromTextFile(
            MlNetDl.Data.DatasetFolder.Find($"optdigits/{file}"),
            [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)],
            separatorChar: ',');
    }

    /// <summary>Of images, tables and an experiment's data alike.</summary>
    [Fact]
    public void Who_waits_is_told_how_many_rows_are_scored()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"], "training.epochs=1");
        var told = new Told();
        Evaluator.Evaluate(folder["run/model.zip"], "optdigits", progress: told);
        Assert.Equal((1797, true), (told.Rows[^1], told.Rows.SequenceEqual(told.Rows.Order())));
        Evaluator.Evaluate(folder["run/model.zip"], Experiment.Load(folder["a.yaml"]).Data, progress: told);
        Assert.Equal(1797, told.Rows[^1]);
        File.WriteAllText(folder["train.csv"], "a,kind\n" + string.Concat(Enumerable.Range(0, 600).Select(i => $"{i % 2},{"xy"[i % 2]}\n")));
        File.WriteAllText(folder["t.yaml"], $"{{ name: t, data: {{ csv: '{folder["train.csv"]}', label: kind }}, network: mlp, training: {{ epochs: 1 }} }}");
        Tool.Json("run", folder["t.yaml"], "--output", folder["table"]);
        Evaluator.Evaluate(folder["table/model.zip"], folder["train.csv"], progress: told);
        Assert.Equal([256, 512], told.Rows[^2..]);
    }

    [Fact]
    public void The_truth_may_stand_in_a_column_of_another_name_and_have_classes_never_seen()
    {
        File.WriteAllText(folder["train.csv"], "a,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 2},{"xy"[i % 2]}\n")));
        File.WriteAllText(folder["a.yaml"], $$"""
            name: t
            data: { csv: "{{folder["train.csv"]}}", label: kind }
            network: mlp
            training: { epochs: 40, batchSize: 8, optimizer: { type: adam, learningRate: 0.02 } }
            """);
        Assert.Equal(1, (double)Tool.Json("run", folder["a.yaml"], "--output", folder["run"])["metrics"]!["test"]!["accuracy"]!);
        File.WriteAllText(folder["test.csv"], "a,truth\n0,x\n1,y\n0,z\n1,z\n");
        var figures = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["test.csv"], "--label", "truth");
        Assert.Equal(4, (int)figures["rows"]!);
        Assert.Equal(0.5, (double)figures["accuracy"]!);
        Assert.Contains(
            "has no label column 'kind'; it has: a, truth",
            Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["test.csv"]),
            StringComparison.Ordinal);
        File.WriteAllText(folder["gap.csv"], "a,kind\n0,x\n,y\n");
        Assert.Contains(
            "line 3: column 'a' is empty",
            Tool.Fails(1, "predict", folder["run/model.zip"], folder["gap.csv"]),
            StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<long>
    {
        public List<long> Rows { get; } = [];

        public void Report(long value) => Rows.Add(value);
    }
}

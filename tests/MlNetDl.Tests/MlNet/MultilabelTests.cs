using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>Several labels a row in ML.NET: from text, from columns, in saved models.</summary>
[Collection("torch")]
public sealed class MultilabelTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Labels_of_a_text_are_learnt_each_by_itself_and_kept_by_the_saved_model()
    {
        using var folder = new TemporaryFolder();
        var data = ml.Data.LoadFromEnumerable(Rows(200));
        var labels = ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Row.Tags), ['|'])
            .Append(ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(ml.Transforms.Conversion.MapKeyToVector("Label", "Keys", outputCountVector: true));
        var prepared = labels.Fit(data).Transform(data);
        using var model = Trainer().Fit(prepared);
        Assert.Equal(["left", "low"], model.Package.Manifest.ClassNames.Order());

        var figures = ml.MulticlassClassification.EvaluateMultilabel(model.Transform(prepared));
        Assert.Equal((200, 1.0, 0.0), (figures.Rows, Math.Round(figures.MeanAveragePrecision, 9), Math.Round(figures.HammingLoss, 1)));
        Assert.True(figures is { MicroF1: > 0.95, MacroF1: > 0.95, SubsetAccuracy: > 0.9 }, $"{figures}");
        Assert.Equal(figures.Labels.Average(l => l.F1!.Value), figures.MacroF1, 1e-9);

        ml.Model.SaveAtomically(model, prepared.Schema, folder["model.zip"]);
        using var loaded = (NeuralNetworkTransformer)ml.Model.Load(folder["model.zip"], out _);
        var scored = loaded.Transform(ml.Data.LoadFromEnumerable(Rows(200)));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetSlotNames(ref names);
        int left = names.DenseValues().ToList().FindIndex(n => n.Span is "left");
        var outputs = ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false).ToList();
        // Both labels, one, and none come: probabilities are of each label alone.
        Assert.Equal([0, 1, 2], outputs.Select(o => o.PredictedLabel.Count(p => p)).Distinct().Order());
        Assert.All(outputs.Take(20), o => Assert.Equal(o.Features[0] < 0, o.Probability[left] > 0.5f));
        Assert.All(outputs, o => Assert.Equal(1 / (1 + MathF.Exp(-o.Score[0])), o.Probability[0], 1e-5f));
    }

    [Fact]
    public void Columns_of_Booleans_are_labels_too()
    {
        var data = ml.Data.LoadFromEnumerable(Rows(64));
        var prepared = ml.Transforms.Concatenate("Label", nameof(Row.Left), nameof(Row.Low)).Fit(data).Transform(data);
        using var model = Trainer(epochs: 1).Fit(prepared);
        Assert.Equal(["Left", "Low"], model.Package.Manifest.ClassNames);
        Assert.Equal(64, ml.MulticlassClassification.EvaluateMultilabel(model.Transform(prepared)).Rows);
        // The same labels in another order are no truth of these scores.
        var turned = ml.Transforms.Concatenate("Label", nameof(Row.Low), nameof(Row.Left)).Fit(data).Transform(data);
        Assert.Contains("has the labels [Low, Left], Score column 'Score' [Left, Low]",
            Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.EvaluateMultilabel(model.Transform(turned))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_is_said_twice_is_refused_by_its_name()
    {
        var data = ml.Data.LoadFromEnumerable<Row>([new() { Tags = "a|b", Features = [1, 2] }, new() { Tags = "b|b", Features = [1, 2] }]);
        var prepared = ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Row.Tags), ['|'])
            .Append(ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(ml.Transforms.Conversion.MapKeyToVector("Label", "Keys", outputCountVector: true)).Fit(data).Transform(data);
        var e = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(prepared));
        Assert.Contains("holds 2 for label 'b'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_in_memory_have_names_or_numbers()
    {
        float[] features = [-1, 1, 1, -1, 1, 1, -1, -1], targets = [1, 0, 0, 1, 0, 0, 1, 1];
        var examples = new Examples(Shape.Vector(2), features, targets) { TargetWidth = 2 };
        var recipe = new Recipe { Task = new MultilabelClassification(), Training = new() { Epochs = 1, Threads = 1, Device = "cpu" } };
        Assert.Equal(["0", "1"], recipe.Run(examples).Package.Manifest.ClassNames);
        Assert.Equal(["left", "low"], recipe.Run(examples with { ClassNames = ["left", "low"] }).Package.Manifest.ClassNames);
        Assert.Contains("3 names for 2 labels", Refused(examples with { ClassNames = ["a", "b", "c"] }), StringComparison.Ordinal);
        Assert.Contains("named 'a'", Refused(examples with { ClassNames = ["a", "a"] }), StringComparison.Ordinal);
        Assert.Contains("is 0.5; expected 0 or 1 for each of 2 labels", Refused(examples with { Targets = new float[] { 1, 0.5f, 0, 1, 0, 0, 1, 1 } }),
            StringComparison.Ordinal);

        string Refused(Examples wrong) => Assert.Throws<ArgumentException>(() => recipe.Run(wrong)).Message;
    }

    [Fact]
    public void What_people_read_are_the_labels_with_bars_between_them()
    {
        var label = new LabelInfo { Width = 3, IsVector = true, ClassNames = ["a", "b", "c"] };
        var value = new MultilabelClassification().Read([1, -1, 2], label);
        Assert.Equal("c|a", value.Predicted);
        Assert.Equal(["c", "a", "b"], value.Scores.Select(s => s.Name));
        Assert.Equal("", new MultilabelClassification().Read([-1, -1, -2], label).Predicted);
    }

    private NeuralNetworkTrainer Trainer(int epochs = 40) => ml.NeuralNetwork(new MultilabelClassification(), new()
    {
        Network = new Mlp { Hidden = [16] },
        Training = new TrainingOptions { Epochs = epochs, BatchSize = 16, Seed = 1, Threads = 1, Device = "cpu", Optimizer = new Adam { LearningRate = 0.02 } },
    });

    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(3);
        for (int i = 0; i < count; i++)
        {
            float x = Away(random), y = Away(random);
            yield return new()
            {
                Features = [x, y],
                Left = x < 0,
                Low = y < 0,
                Tags = string.Join('|', ((string, bool)[])[("left", x < 0), ("low", y < 0)] is var all ? all.Where(t => t.Item2).Select(t => t.Item1) : []),
            };
        }
    }

    // Not near the border, so that it can be learnt.
    private static float Away(Random random) => (0.3f + random.NextSingle()) * (random.Next(2) == 0 ? -1 : 1);

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Tags { get; set; } = "";

        public bool Left { get; set; }

        public bool Low { get; set; }
    }

    private sealed class Scored
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float[] Score { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public bool[] PredictedLabel { get; set; } = [];
    }
}

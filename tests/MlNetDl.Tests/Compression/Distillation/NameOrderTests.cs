using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Compression;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>Teachers whose columns or classes stand in another order than the student's.</summary>
[Collection("torch")]
public sealed class NameOrderTests
{
    private readonly MLContext ml = new(1);

    [Fact]
    public void Names_are_matched_and_others_are_not()
    {
        Assert.Equal([2L, 0, 1], NameOrder.Of(["c", "a", "b"], ["a", "b", "c"], out bool areSame)!);
        Assert.True(areSame);
        Assert.Null(NameOrder.Of(["a", "b"], ["a", "b"], out areSame));
        Assert.True(areSame);
        Assert.Null(NameOrder.Of(["a", "b"], ["a", "c"], out areSame));
        Assert.False(areSame);
        Assert.Null(NameOrder.Of(["a", "a"], ["a", "b"], out areSame));
        Assert.False(areSame);
    }

    /// <summary>The class is whether a is greater than b: with the columns exchanged a teacher would teach the
    /// opposite.</summary>
    [Fact]
    public void A_teacher_of_a_table_gets_its_own_order_of_columns()
    {
        var rows = ComparedNumbers.Rows(ml, 400);
        var teacher = Chain("A", "B").Append(Trainer()).Fit(rows);
        var messages = new Messages();
        var student = Chain("B", "A").Append(Trainer(messages).Distilled(teacher, new() { Alpha = 1 })).Fit(rows);
        Assert.True(Accuracy(student, rows) > 0.9, $"{Accuracy(student, rows)}");
        Assert.Contains(messages.Texts, t => t.Contains("matched by name", StringComparison.Ordinal));
        var other = Chain("A", "C").Append(Trainer().Distilled(teacher, new()));
        var refused = Assert.Throws<ArgumentException>(() => other.Fit(rows)).Message;
        Assert.Contains("takes the features [A, B], the student [A, C]", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_does_not_go_on_with_other_columns()
    {
        var rows = ComparedNumbers.Rows(ml, 400);
        var first = Chain("A", "B").Append(Trainer()).Fit(rows);
        var on = Chain("B", "A").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            ContinueFrom = first.LastTransformer,
            Training = Options,
        }));
        var refused = Assert.Throws<ArgumentException>(() => on.Fit(rows)).Message;
        Assert.Contains("takes the features [A, B], the data gives [B, A]", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_brought_into_the_students_order_of_classes()
    {
        var blobs = Samples.Blobs();
        var renamed = blobs with { ClassNames = ["b", "a", "c"], Targets = ((long[])blobs.Targets!).Select(t => t == 0 ? 1L : t == 1 ? 0 : t).ToArray() };
        foreach (var teacher in new[] { Teacher.Of(Lessons.Teacher), Teacher.Of(Lessons.Teacher.ToOnnx()) })
        {
            var package = Lessons.Taught(new() { Teacher = [teacher], Alpha = 1 }).Run(renamed).Package;
            using var model = NeuralNetworkTransformer.Of(new(), package);
            var scores = model.Score(renamed);
            int right = Enumerable.Range(0, renamed.Count).Count(i =>
                scores.AsSpan(i * 3, 3).IndexOf(scores.AsSpan(i * 3, 3).ToArray().Max()) == ((long[])renamed.Targets!)[i]);
            Assert.True(right > 0.8 * renamed.Count, $"{right}");
        }
    }

    private static TrainingOptions Options => new()
    {
        Epochs = 8,
        BatchSize = 32,
        Seed = 1,
        Threads = 1,
        Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.02 },
    };

    private NeuralNetworkTrainer Trainer(params IReadOnlyList<Callback> callbacks) =>
        ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            Training = Options,
            Callbacks = callbacks,
        });

    private EstimatorChain<ColumnConcatenatingTransformer> Chain(params string[] columns) => ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
        .Append(ml.Transforms.Concatenate("Features", columns));

    private double Accuracy(ITransformer model, IDataView rows) => ml.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy;
}

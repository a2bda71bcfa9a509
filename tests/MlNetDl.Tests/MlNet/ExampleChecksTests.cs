using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Augmentation;

namespace MlNetDl.Tests.MlNet;

/// <summary>Sets in memory are looked at before libtorch sees them.</summary>
[Collection("torch")]
public sealed class ExampleChecksTests
{
    private static readonly float[] Four = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void What_does_not_suit_is_told_with_its_place()
    {
        Refuses(
            PredictionTask.Multiclass,
            new(Shape.Vector(2), Four, new long[] { 0, 1, 2, 0 }) { ClassNames = ["a", "b"] },
            "Example 2 has class 2, but there are 2 classes");
        Refuses(PredictionTask.Multiclass, new(Shape.Vector(2), Four, new long[] { 0, 1, -1, 0 }), "Example 2 has class -1");
        Refuses(PredictionTask.Multiclass, new(Shape.Vector(2), Four, new float[4]), "needs class indices (long[])");
        Refuses(PredictionTask.Multiclass, new(Shape.Vector(3), Four, new long[] { 0, 1, 1, 0 }), "need 4 x 3 features");
        Refuses(PredictionTask.Multiclass, new(Shape.Vector(2), new int[8], new long[4]), "but these hold Int32[]");
        Refuses(
            PredictionTask.Regression,
            new(Shape.Vector(2), new float[] { 0, 0, 0, float.NaN, 0, 0, 0, 0 }, new float[4]),
            "Feature 1 of example 1 is NaN");
        Refuses(
            PredictionTask.Regression,
            new(Shape.Vector(2), Four, new float[] { 0, 1, float.PositiveInfinity, 0 }),
            "The target of example 2 is");
        Refuses(PredictionTask.Regression, new(Shape.Vector(2), Four, new long[4]), "needs float targets");
        Refuses(
            PredictionTask.Binary,
            new(Shape.Vector(2), Four, new float[] { 0, 1, 2, 0 }),
            "The target of example 2 is 2; expected 0 or 1");
    }

    [Fact]
    public void Classes_without_names_are_named_by_their_numbers()
    {
        var model = Trainer(PredictionTask.Multiclass).Fit(new Examples(Shape.Vector(2), Four, new long[] { 0, 1, 2, 0 }));
        Assert.Equal(["0", "1", "2"], model.Package.Manifest.ClassNames);
    }

    [Fact]
    public void Augmentations_are_for_images_and_have_ranges()
    {
        var set = new Examples(Shape.Vector(2), Four, new long[] { 0, 1, 1, 0 });
        Assert.Contains(
            "training.augmentations change images",
            Assert.Throws<ArgumentException>(
                () => Trainer(PredictionTask.Multiclass, new RandomCrop()).Fit(set)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "training.augmentations[0].probability must be 0 to 1",
            Assert.Throws<ArgumentException>(
                () => Trainer(PredictionTask.Multiclass, new HorizontalFlip { Probability = 7 }).Fit(set)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "training.augmentations[0].padding must be 1 or more",
            Assert.Throws<ArgumentException>(
                () => Trainer(PredictionTask.Multiclass, new RandomCrop { Padding = -1 }).Fit(set)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Before the first step: the first validation comes after a whole epoch.</summary>
    [Fact]
    public void A_validation_set_of_another_form_is_refused_before_training()
    {
        var values = new Examples(Shape.Vector(2), Four, new float[8]) { TargetWidth = 2 };
        RefusesValidation(
            PredictionTask.Regression,
            values,
            values with { TargetWidth = 1, Targets = new float[4] },
            "The validation examples have 1 target values each, the training examples 2;");
        RefusesValidation(
            PredictionTask.Regression,
            values,
            values with { Shape = Shape.Vector(1), Targets = new float[16] },
            "The validation examples are [N, 1], the training examples [N, 2];");
        RefusesValidation(
            PredictionTask.Regression,
            values,
            values with { Shape = Shape.Image(1, 1, 2) },
            "The validation examples are [N, 1, 1, 2], the training examples [N, 2];");
        var classes = new Examples(Shape.Vector(2), Four, new long[] { 0, 1, 1, 0 }) { ClassNames = ["a", "b"] };
        RefusesValidation(
            PredictionTask.Multiclass,
            classes,
            classes with { ClassNames = ["b", "a"] },
            "The validation examples have the classes [b, a], the training examples [a, b];");
        var answers = new Examples(Shape.Vector(2), Four, new float[] { 0, 1, 1, 0 }) { ClassNames = ["cat", "dog"] };
        RefusesValidation(
            PredictionTask.Binary,
            answers,
            answers with { ClassNames = ["dog", "cat"] },
            "The validation examples have [dog, cat] for no and yes, the training examples [cat, dog];");
        // Who names no words has no others.
        Assert.Equal(["cat", "dog"], Trainer(PredictionTask.Binary).Fit(answers, answers with { ClassNames = [] }).Package.Manifest.Label.YesNoNames);
    }

    private static void RefusesValidation(
        PredictionTask task, Examples training, Examples validation, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => Trainer(task).Fit(training, validation)).Message,
            StringComparison.Ordinal);

    private static void Refuses(PredictionTask task, Examples examples, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Trainer(task).Fit(examples)).Message, StringComparison.Ordinal);

    private static NeuralNetworkTrainer Trainer(PredictionTask task, params Augmentation[] augmentations)
    {
        var ml = new MLContext(seed: 1);
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            Training = new() { Epochs = 1, Augmentations = augmentations.ToValueList() },
        };
        return task switch
        {
            PredictionTask.Multiclass => ml.MulticlassClassification.Trainers.NeuralNetwork(options),
            PredictionTask.Binary => ml.BinaryClassification.Trainers.NeuralNetwork(options),
            _ => ml.Regression.Trainers.NeuralNetwork(options),
        };
    }
}

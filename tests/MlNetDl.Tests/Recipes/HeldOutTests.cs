using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Tests.Recipes;

/// <summary>A validation part never takes all rows of a class, and it is said when it would have.</summary>
public sealed class HeldOutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_only_row_of_a_class_is_trained_on_whatever_the_seed(int seed)
    {
        var data = Prepared(Rows(20, 20, 1), 0.5, seed);
        Assert.Equal([10, 10, 1], data.Summary.ClassCounts(3).Select(c => (int)c).Zip([0, 0, 0], (count, _) => count));
        Assert.Equal(3, data.Summary.Classes);
    }

    [Fact]
    public void It_is_said_which_classes_were_kept_whole()
    {
        // Of nine in ten rows held out, a class of one row would nearly always be one of them.
        var data = Prepared(Rows(30, 30, 1), 0.9, seed: 3);
        Assert.Contains(
            "warning: All rows of the class 'c' would have been held out for validation; they are kept for training "
                + "instead, so validation does not see them.",
            data.Notes);
        Assert.Empty(Prepared(Rows(30, 30, 30), 0.5, seed: 3).Notes);
    }

    [Fact]
    public void It_is_said_which_classes_validation_does_not_see()
    {
        var data = Prepared(Rows(5, 5, 5), Rows(3, 0, 0));
        Assert.Equal(
            ["warning: validation has no row of the classes 'b', 'c', so its figures say nothing of them; hold out "
                + "more, or give a validation set."],
            data.Notes);
        Assert.Empty(Prepared(Rows(5, 5, 0), Rows(3, 1, 0)).Notes);
    }

    [Fact]
    public void A_set_of_one_row_is_trained_on_and_not_validated_with()
    {
        var examples = new Examples(Shape.Vector(1), new float[] { 1 }, new float[] { 2 });
        var data = Enumerable.Range(0, 20)
            .Select(seed => ExamplePreparation.Of(
                examples, null, new Regression(), new Regression().Label, new() { ValidationFraction = 0.9, Seed = seed }))
            .ToList();
        Assert.All(data, d => Assert.Equal(1, d.Summary.Count));
        Assert.Contains(data, d =>
            d.Notes.Any(n => n.StartsWith("warning: The few rows would have been held out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Classes_that_lose_no_row_are_split_as_before()
    {
        var with = new HoldOut(0.25, 7);
        var without = new HoldOut(0.25, 7, new HashSet<long> { 2 });
        var labels = Enumerable.Range(0, 200).Select(i => (long)(i % 2)).ToList();
        Assert.Equal(labels.ConvertAll(with.Next), labels.ConvertAll(without.Next));
        Assert.Equal(50, labels.ConvertAll(new HoldOut(0.25, 8).Next).Count(held => held));
    }

    private static PreparedData Prepared(Examples examples, Examples validation) =>
        ExamplePreparation.Of(examples, validation, new MulticlassClassification(), new ClassLabel(), new TrainingOptions());

    private static PreparedData Prepared(Examples examples, double fraction, int seed) => ExamplePreparation.Of(
        examples,
        null,
        new MulticlassClassification(),
        new MulticlassClassification().Label,
        new TrainingOptions { ValidationFraction = fraction, Seed = seed });

    private static Examples Rows(params int[] perClass)
    {
        var targets = perClass.SelectMany((count, c) => Enumerable.Repeat((long)c, count)).ToArray();
        return new(Shape.Vector(1), targets.Select(t => (float)t).ToArray(), targets) { ClassNames = ["a", "b", "c"] };
    }
}

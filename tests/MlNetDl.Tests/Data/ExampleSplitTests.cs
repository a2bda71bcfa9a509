using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Recipes;

namespace MlNetDl.Tests.Data;

public sealed class ExampleSplitTests
{
    /// <summary>2.1 GB of zeros, which the system does not back with memory before they are read.</summary>
    [Fact]
    public void A_set_of_more_bytes_than_an_int_counts_is_split()
    {
        const int Count = 520, Width = 1 << 20;
        var features = new float[Count * Width];
        features[^1] = 7;
        var examples = new Examples(Shape.Vector(Width), features, new float[Count]) { Weights = new float[Count] };
        Assert.Same(features, examples.Where(_ => true).Features);
        var last = examples.Where(i => i is 0 or Count - 1);
        Assert.Equal((2, 0f, 7f), (last.Count, ((float[])last.Features)[Width - 1], ((float[])last.Features)[^1]));
        Assert.Equal(2, last.Weights!.Length);
    }

    [Fact]
    public void Nothing_accepted_is_an_empty_set() =>
        Assert.Equal((0, 0), (Tiny.Where(_ => false).Count, Tiny.Where(_ => false).Features.Length));

    [Fact]
    public void Rows_of_every_kind_of_array_are_taken_whole()
    {
        var part = Tiny.Where(i => i != 1);
        Assert.Equal([1, 2, 5, 6], (byte[])part.Features);
        Assert.Equal([3L, 5], (long[])part.Targets!);
    }

    // 300 of class 0, then 200, 99 and 1: sorted, as many sets are.
    private static readonly Examples Sorted = new(
        Shape.Vector(1),
        Enumerable.Range(0, 600).Select(i => (float)i).ToArray(),
        Enumerable.Range(0, 600).Select(i => i < 300 ? 0L : i < 500 ? 1 : i < 599 ? 2 : 3).ToArray());

    [Theory]
    [InlineData(60, new[] { 30, 20, 10 })]
    [InlineData(301, new[] { 151, 100, 50 })]
    [InlineData(599, new[] { 300, 200, 99 })]
    public void A_sample_has_each_class_in_its_share_and_is_the_same_each_time(int count, int[] shares)
    {
        var sample = Sorted.Sample(count, seed: 4);
        Assert.Equal(count, sample.Count);
        var features = (float[])sample.Features;
        Assert.Equal(features.Order(), features);
        Assert.Equal(features, (float[])Sorted.Sample(count, seed: 4).Features);
        Assert.NotEqual(features, (float[])Sorted.Sample(count, seed: 5).Features);
        Assert.All(shares.Select((share, c) => (share, c)), s => Assert.InRange(((long[])sample.Targets!).Count(t => t == s.c), s.share - 1, s.share + 1));
        Assert.Same(Sorted, Sorted.Sample(600, seed: 4));
    }

    [Fact]
    public void Folds_cover_the_set_once_with_each_class_spread_evenly()
    {
        var folds = Enumerable.Range(0, 7).Select(f => Sorted.Fold(f, 7, seed: 1)).ToList();
        Assert.Equal(
            Enumerable.Range(0, 600).Select(i => (float)i),
            folds.SelectMany(f => (float[])f.Validation.Features).Order());
        Assert.All(folds, f => Assert.Equal(600, f.Training.Count + f.Validation.Count));
        Assert.All(folds, f => Assert.Empty(((float[])f.Training.Features).Intersect((float[])f.Validation.Features)));
        Assert.All(folds, f => Assert.InRange(f.Validation.Count, 85, 86));
        foreach (var (c, size) in new[] { (0, 300), (1, 200), (2, 99) })
        {
            Assert.All(folds, f => Assert.InRange(((long[])f.Validation.Targets!).Count(t => t == c), size / 7, (size / 7) + 1));
        }

        Assert.Throws<ArgumentException>(() => Sorted.Sample(5, seed: 1).Fold(0, 6, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sorted.Fold(7, 7, seed: 1));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1.5f)]
    public void Folds_spread_yes_and_no_evenly_and_amounts_as_they_come(float most)
    {
        // Ten of a hundred are yes, and all lie at the end.
        var rare = new Examples(Shape.Vector(1), new float[100], Enumerable.Range(0, 100).Select(i => i < 90 ? 0f : i < 99 ? 1f : most).ToArray());
        int[] yes = [.. Enumerable.Range(0, 5).Select(f => ((float[])rare.Fold(f, 5, seed: 1).Validation.Targets!).Count(t => t > 0))];
        Assert.Equal(10, yes.Sum());
        Assert.Equal(most == 1, yes.All(count => count == 2));
    }

    [Theory]
    [InlineData(1024, 1_000_000, 1000, 134_217)]
    [InlineData(1 << 20, int.MaxValue, 1000, 2_147_483)]
    [InlineData(1 << 20, int.MaxValue, 1, 2_147_483_591)]
    [InlineData(0, 1_000_000, 1 << 24, 100)]
    public void The_shuffle_buffer_keeps_to_the_budget_and_to_one_array(int budgetMB, int asked, int width, int rows) =>
        Assert.Equal(
            rows,
            BatchMaking.BufferRows(
                new()
                {
                    MemoryBudgetMB = budgetMB,
                    ShuffleBuffer = asked,
                    BatchSize = 100,
                },
                width));

    private static Examples Tiny => new(Shape.Vector(2), new byte[] { 1, 2, 3, 4, 5, 6 }, new long[] { 3, 4, 5 });
}

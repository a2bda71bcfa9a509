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

using MlNetDl.Compression;
using MlNetDl.Tests.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression.Pruning;

[Collection("torch")]
public sealed class MaskChoiceTests : IDisposable
{
    private readonly IDisposable tensors = NewDisposeScope();

    public void Dispose() => tensors.Dispose();

    [Fact]
    public void Of_all_layers_together_the_smallest_go()
    {
        var masks = MaskChoice.Global([tensor(new float[] { 1, 2, 3, 10 }), tensor(new float[] { 4, 5, 6, 7 })], 0.5);
        Assert.Equal([0f, 0, 0, 1], Values(masks[0]));
        Assert.Equal([0f, 1, 1, 1], Values(masks[1]));
    }

    [Fact]
    public void No_layer_is_emptied_by_the_threshold_of_all()
    {
        var masks = MaskChoice.Global([tensor(new float[] { 1, 2, 3 }), arange(100, 200, ScalarType.Float32)], 0.5);
        Assert.Equal([0f, 0, 1], Values(masks[0]));
        Assert.Equal(103 - 52, masks.Sum(m => (int)m.sum().item<float>()));
    }

    // CIFAR's ResNet-20 has layers from 432 to 36,864 weights: a hundredth of each is more than a hundredth of all.
    [Theory]
    [InlineData(0.99)]
    [InlineData(0.995)]
    [InlineData(0.9999)]
    public void Where_next_to_nothing_stays_every_layer_keeps_something(double share)
    {
        manual_seed(1);
        long[] counts = [432, .. Enumerable.Repeat(2304L, 7), 4608, .. Enumerable.Repeat(9216L, 5), 18432, .. Enumerable.Repeat(36864L, 5), 640, 5];
        var scores = counts.Select(c => rand(c) / c).ToList();
        var kept = MaskChoice.Global(scores, share).Select(m => (long)m.sum().item<float>()).ToList();
        Assert.All(kept, k => Assert.True(k >= 1));
        Assert.Equal(Math.Max(counts.Length, counts.Sum() - (long)Math.Round(counts.Sum() * share)), kept.Sum());
    }

    [Fact]
    public void Each_layer_by_itself_loses_its_share_and_keeps_one_weight()
    {
        Assert.Equal([0f, 0, 1, 1], Values(MaskChoice.Layer(tensor(new float[] { 1, 2, 3, 4 }), 0.5)));
        Assert.Equal([0f, 0, 0, 1], Values(MaskChoice.Layer(tensor(new float[] { 1, 2, 3, 4 }), 0.999)));
    }

    [Fact]
    public void Of_equal_scores_exactly_the_asked_number_goes_the_last_first()
    {
        Assert.Equal([1f, 1, 0, 0, 0], Values(MaskChoice.Layer(tensor(new float[] { 2, 2, 2, 2, 2 }), 0.6)));
        Assert.Equal([1f, 0, 0, 1, 0], Values(MaskChoice.Layer(tensor(new float[] { 2, float.NegativeInfinity, 2, 3, 2 }), 0.6)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(1, 4)]
    public void A_pattern_keeps_so_many_of_each_group_along_the_inputs(int kept, int of)
    {
        manual_seed(1);
        var scores = rand(5, 8, 3, 3);
        var mask = MaskChoice.Pattern(scores, new(kept, of));
        var groups = mask.movedim([1], [-1]).reshape(-1, of);
        Assert.All(Values(groups.sum(1)), sum => Assert.Equal(kept, sum));
        // What stays is greater than what goes, in each group.
        var grouped = scores.movedim([1], [-1]).reshape(-1, of);
        var least = grouped.masked_fill(groups.eq(0), float.PositiveInfinity).min(1).values;
        var most = grouped.masked_fill(groups.ne(0), float.NegativeInfinity).max(1).values;
        Assert.True(least.ge(most).all().item<bool>());
    }

    [Fact]
    public void A_rest_of_fewer_neighbours_keeps_the_same_part_rounded_up() =>
        Assert.Equal([0f, 1, 0, 1, 0, 1, 1], Values(MaskChoice.Pattern(tensor(new float[,] { { 1, 3, 2, 4, 5, 7, 6 } }), new(2, 4))));

    [Theory]
    [InlineData("2:4", 2, 4)]
    [InlineData("1:16", 1, 16)]
    public void A_pattern_is_a_text(string text, int kept, int of)
    {
        Assert.Equal(new MaskPattern(kept, of), MaskPattern.Parse(text));
        Assert.Equal(text, new MaskPattern(kept, of).ToString());
    }

    [Theory]
    [InlineData("4:2")]
    [InlineData("0:4")]
    [InlineData("2:2")]
    [InlineData("2/4")]
    public void What_is_no_pattern_is_refused(string text) =>
        Assert.Contains("'2:4'", Assert.Throws<FormatException>(() => MaskPattern.Parse(text)).Message, StringComparison.Ordinal);

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}

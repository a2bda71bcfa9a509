using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>Values and gradients of layers that jump.</summary>
[Collection("torch")]
public sealed class JumpTests
{
    [Fact]
    public void A_step_passes_gradients_within_its_range() => Check(
        new StraightThrough(), [-2, -0.5f, 0, 0.5f, 2], [0, 0, 0, 1, 1], [0, 1, 1, 1, 0]);

    [Fact]
    public void A_rounding_clips_and_passes_gradients_within_its_range() => Check(
        new StraightThrough { Function = JumpFunction.Round, Low = -2, High = 2 },
        [-3, -0.5f, 0.5f, 1.5f, 2.6f], [-2, 0, 0, 2, 2], [0, 1, 1, 1, 0]);

    [Fact]
    public void Choices_are_drawn_as_often_as_the_softmax_says()
    {
        using var session = TorchSession.Enter(seed: 8);
        using var scope = NewDisposeScope();
        const int draws = 20_000;
        var logits = tensor(new[] { 0.7f, 0.2f, 0.1f }).log().expand(draws, 3).contiguous().requires_grad_();
        var chosen = Run(new GumbelSoftmax(0.5), logits);
        Assert.Equal(draws, chosen.eq(1).sum().item<long>());
        Assert.Equal(draws * 2L, chosen.eq(0).sum().item<long>());
        var shares = chosen.mean([0L]).data<float>().ToArray();
        Assert.Equal(0.7, shares[0], 0.015);
        Assert.Equal(0.2, shares[1], 0.015);

        // The gradient is that of the softmax: along equal changes of all logits it is 0.
        chosen.select(1, 0).sum().backward();
        Assert.InRange(logits.grad!.sum(1).abs().max().item<float>(), 0, 1e-5);
        Assert.True(logits.grad!.abs().max().item<float>() > 0.1);

        var soft = Run(new GumbelSoftmax(0.5) { Hard = false }, logits);
        var sharp = Run(new GumbelSoftmax(0.05) { Hard = false }, logits);
        Assert.Equal(1, soft.sum(1).mean().item<float>(), 1e-4);
        Assert.True(sharp.max(1).values.mean().item<float>() > soft.max(1).values.mean().item<float>());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(4, 4, 2)]
    [InlineData(4, 5, 3)]
    [InlineData(8, 5, 5)]
    public void Of_fewer_channels_the_same_share_is_kept(int k, int channels, int expected)
    {
        var stay = Enumerable.Range(0, channels).ToValueList();
        Assert.Equal(expected, ((TopK)new TopK(k).Narrow(new([stay], [stay], [Shape.Vector(8)]))).K);
    }

    [Fact]
    public void Ranges_of_the_layers_that_route_and_jump_are_refused()
    {
        (Layer Layer, string Problem)[] wrong =
        [
            (new HardRows("e") { Threshold = 1.5 }, "threshold must be 0 to 1 but is 1.5."),
            (new OpenRows("g", -1), "column must be 0 or more but is -1."),
            (new AddRows("g", 0), "blocks must be 1 or more but is 0."),
            (new StraightThrough { Low = 1 }, "low must be below high (1) but is 1."),
            (new StraightThrough { High = double.NaN }, "low and high must be finite."),
            (new GumbelSoftmax(0), "temperature must be above 0 but is 0."),
            (new TopK(0), "k must be 1 or more but is 0."),
        ];
        Assert.All(wrong, w => Assert.Equal(
            $"network.root.{w.Problem}", Assert.Throws<ArgumentException>(new Analysis.Network(w.Layer, Shape.Vector(4)).Plan).Message));
        Assert.Contains(
            "TopK cannot keep 5 of 4 values", Assert.Throws<ShapeException>(new Analysis.Network(new TopK(5), Shape.Vector(4)).Plan).Message,
            StringComparison.Ordinal);
    }

    private static void Check(Leaf leaf, float[] input, float[] values, float[] gradients)
    {
        using var session = TorchSession.Enter(seed: 8);
        using var scope = NewDisposeScope();
        var x = tensor(input).reshape(1, -1).requires_grad_();
        var y = Run(leaf, x);
        Assert.Equal(values, y.data<float>().ToArray().Select(v => v + 0f));
        y.sum().backward();
        Assert.Equal(gradients, x.grad!.data<float>().ToArray());
    }

    private static Tensor Run(Leaf leaf, Tensor input)
    {
        using var state = new LeafState(leaf, [Shape.Vector((int)input.shape[1])], CPU);
        return leaf.Forward([input], state);
    }
}

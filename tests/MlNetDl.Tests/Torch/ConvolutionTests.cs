using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Torch;

/// <summary>Convolutions in float32 are those in float64, which other code computes, on whatever machine.</summary>
[Collection("torch")]
public sealed class ConvolutionTests
{
    /// <summary>Channels that are no multiple of a register's length among them.</summary>
    [Theory]
    [InlineData(1, 6, 5, 1, 2, 28)]
    [InlineData(4, 6, 3, 1, 1, 9)]
    [InlineData(16, 120, 5, 1, 0, 5)]
    [InlineData(24, 64, 3, 1, 1, 4)]
    [InlineData(64, 128, 3, 2, 1, 16)]
    [InlineData(256, 512, 1, 2, 0, 4)]
    [InlineData(11, 22, 3, 1, 1, 8)]
    [InlineData(45, 90, 3, 2, 1, 8)]
    [InlineData(17, 5, 1, 1, 0, 6)]
    [InlineData(100, 130, 3, 1, 1, 4)]
    public void Values_and_gradients_are_right(int channels, int filters, int kernel, int stride, int padding, int size)
    {
        using var scope = NewDisposeScope();
        foreach (int rows in new[] { 1, 3, 32 })
        {
            var input = randn([rows, channels, size, size], generator: new Generator(1));
            var weight = randn([filters, channels, kernel, kernel], generator: new Generator(2)) / Math.Sqrt(channels * kernel * kernel);
            var single = Computed(input, weight, stride, padding);
            var exact = Computed(input.to(float64), weight.to(float64), stride, padding);
            foreach (var (a, b) in single.Zip(exact))
            {
                double off = ((a.to(float64) - b).abs().max() / b.abs().max()).item<double>();
                Assert.True(off < 1e-4, $"{rows} rows: off by {off:G3}");
            }
        }
    }

    private static Tensor[] Computed(Tensor input, Tensor weight, int stride, int padding)
    {
        var (x, w) = (input.detach().clone().requires_grad_(), weight.detach().clone().requires_grad_());
        var y = nn.functional.conv2d(x, w, null, [stride, stride], [padding, padding]);
        y.pow(2).sum().backward();
        return [y.detach(), x.grad!, w.grad!];
    }
}

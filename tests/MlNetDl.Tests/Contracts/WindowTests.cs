using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>Windows over images of every size: torch, the shape rule and ONNX Runtime agree on how many there are and
/// what they hold.</summary>
[Collection("torch")]
public sealed class WindowTests
{
    public static TheoryData<string> Kinds => ["max", "avg", "avg without padding", "conv", "same", "subsampling", "padChannels"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_window_is_counted_once_and_alike(string kind)
    {
        int cases = 0;
        foreach (var leaf in Leaves(kind))
        {
            // Sides that differ, so that height and width cannot be mistaken for each other.
            foreach (var (height, width) in ((int, int)[])[(9, 7), (4, 6), (5, 8)])
            {
                var plan = new Network(leaf, Shape.Image(2, height, width)).Plan();
                manual_seed(cases);
                using var network = new TorchNetwork(plan);
                using var scope = NewDisposeScope();
                var x = randn(2, 2, height, width) - 1; // mostly negative: padding with zeros instead of -inf would win
                Assert.True(plan.Outputs[0].Shape.Fits(network.Forward(x)["output"].shape), $"{leaf} on {height}x{width}");
                Assert.True(OnnxParity.Difference(network, x) < 1e-5, $"{leaf} on {height}x{width}");
                cases++;
            }
        }

        Assert.True(cases >= 6);
    }

    /// <summary>The two that trained to the end and left a model that could not be loaded.</summary>
    [Theory]
    [InlineData(2, 3, 0, 9, 3)]
    [InlineData(2, 2, 1, 7, 4)]
    public void A_last_window_that_would_start_beyond_the_input_is_left_out(int kernel, int stride, int padding, int size, int expected)
    {
        foreach (var pool in (Leaf[])[
            new MaxPool2d(kernel, stride, padding) { Ceil = true },
            new AvgPool2d(kernel, stride, padding) { Ceil = true },
        ])
        {
            using var network = new TorchNetwork(new Network(pool, Shape.Image(1, size, size)));
            using var scope = NewDisposeScope();
            Assert.Equal(expected, network.Plan.Outputs[0].Shape.Size(2));
            Assert.True(OnnxParity.Difference(network, randn(1, 1, size, size)) < 1e-6);
        }
    }

    private static IEnumerable<Leaf> Leaves(string kind) => kind switch
    {
        "subsampling" => [new TrainableSubsampling(), new TrainableSubsampling(3)],
        "padChannels" => [new PadChannels(3, 2), new PadChannels(2, 3)],
        "conv" => Windows().Where(w => !w.Ceil).Select(w => new Conv2d(2, w.Kernel, w.Stride, w.Padding)),
        "same" => Windows()
            .Where(w => !w.Ceil && w.Padding == 0)
            .Select(w => new Conv2d(2, w.Kernel, w.Stride) { PaddingMode = PaddingMode.Same }),
        "max" => Windows().Select(w => new MaxPool2d(w.Kernel, w.Stride, w.Padding) { Ceil = w.Ceil }),
        _ => Windows().Select(w => new AvgPool2d(w.Kernel, w.Stride, w.Padding) { Ceil = w.Ceil, CountIncludePad = kind == "avg" }),
    };

    private static IEnumerable<(int Kernel, int Stride, int Padding, bool Ceil)> Windows() =>
        from kernel in (int[])[1, 2, 3, 4]
        from stride in (int[])[1, 2, 3]
        from padding in Enumerable.Range(0, (kernel / 2) + 1)
        from ceil in (bool[])[false, true]
        select (kernel, stride, padding, ceil);
}

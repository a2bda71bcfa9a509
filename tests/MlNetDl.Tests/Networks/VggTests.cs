using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Networks;

public sealed class VggTests
{
    private static readonly Shape Large = Shape.Image(3, 224, 224);
    private static readonly Shape Cifar = Shape.Image(3, 32, 32);

    [Theory]
    [InlineData(11, "64 M 128 M 256 256 M 512 512 M 512 512 M")]
    [InlineData(13, "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M")]
    [InlineData(16, "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M")]
    [InlineData(19, "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M")]
    public void Convolutions_are_those_of_table_1(int depth, string table)
    {
        var steps = new Vgg { Depth = depth }.ToNetwork(Large, 1000).Plan().Steps;
        Assert.Equal(table, string.Join(
            ' ', steps.Where(s => s.Leaf is Conv2d or MaxPool2d).Select(s => s.Leaf is Conv2d c ? $"{c.Out}" : "M")));
        Assert.Equal(depth, steps.Count(s => s.Leaf is Conv2d or Linear));
        Assert.Equal([112, 56, 28, 14, 7], steps.Where(s => s.Leaf is MaxPool2d).Select(s => s.OutputShape.Size(2)));
        Assert.Equal(
            "AdaptiveAvgPool2d Flatten Linear ReLU Dropout Linear ReLU Dropout Linear",
            string.Join(' ', steps.TakeLast(9).Select(s => s.Leaf.GetType().Name)));
    }

    [Fact]
    public void Batch_normalisation_stands_between_convolution_and_activation_and_leaves_names_as_they_are()
    {
        var (plain, normal) = (new Vgg().ToNetwork(Cifar, 10).Plan(), new Vgg { BatchNorm = true }.ToNetwork(Cifar, 10).Plan());
        Assert.Equal("conv1_1 norm1_1 2 conv1_2 norm1_2 5 6", string.Join(' ', normal.Steps.Take(7).Select(s => s.Path)));
        Assert.Equal(
            plain.Parameters.Select(p => p.Name),
            normal.Parameters.Select(p => p.Name).Where(n => !n.StartsWith("norm", StringComparison.Ordinal)));
        Assert.Equal(13, normal.Steps.Count(s => s.Leaf is BatchNorm2d));
    }

    [Fact]
    public void Weights_start_as_in_torchvision()
    {
        var steps = new Vgg { BatchNorm = true }.ToNetwork(Large, 1000).Plan().Steps.Where(s => s.Parameters.Count > 0).ToList();
        Assert.All(steps.Where(s => s.Leaf is Conv2d), s => Assert.Equal(
            (new HeNormalInit { Mode = FanMode.Out }, s.OutputShape.Size(1) * 9.0),
            (s.Parameters[0].Init, s.Parameters[0].FanOut)));
        Assert.All(steps.Where(s => s.Leaf is Linear), s => Assert.Equal(new NormalInit(0.01), s.Parameters[0].Init));
    }

    [Fact]
    public void Images_from_32_on_are_taken_and_smaller_ones_are_one_error()
    {
        foreach (var spec in (Vgg[])[new Vgg(), new Vgg { Classifier = VggClassifier.Cifar }])
        {
            long weights = spec.ToNetwork(Cifar, 10).Plan().ParameterCount;
            Assert.Equal(weights, spec.ToNetwork(Shape.Image(3, 64, 96), 10).Plan().ParameterCount);
            Refused("vgg needs images of 32×32 or larger but got [N, 1, 28, 28]; use larger images, ", spec, Shape.Image(1, 28, 28));
            Refused("conv1_1: Conv2d expects float32 images", spec, Shape.Vector(784));
        }

        static void Refused(string start, Vgg spec, Shape input) => Assert.StartsWith(
            start,
            Assert.Throws<ShapeException>(() => spec.ToNetwork(input, 10).Plan()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_depth_is_refused_before_any_data_is_read()
    {
        var refused = Assert.Throws<ArgumentException>(() => RecordCheck.Require(new Vgg { Depth = 12 }, "network"));
        Assert.Equal("network.depth must be 11, 13, 16 or 19 but is 12.", refused.Message);
        Assert.Throws<ArgumentException>(() => new Vgg { Depth = 12 }.Build(Large, 10));
    }

    [Fact]
    public void Its_depths_have_names_in_configurations()
    {
        foreach (int depth in (int[])[11, 13, 16, 19])
        {
            Assert.Equal(new Vgg { Depth = depth }, RecordJson.Deserialize<NetworkSpec>($"\"vgg{depth}\""));
        }

        Assert.Equal(
            new Vgg
            {
                Depth = 13,
                BatchNorm = true,
                Classifier = VggClassifier.Cifar,
            },
            RecordJson.Deserialize<NetworkSpec>("""{ "type": "vgg13", "batchNorm": true, "classifier": "cifar" }"""));
    }
}

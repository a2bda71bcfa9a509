using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Networks;

public sealed class AlexNetTests
{
    private static readonly Shape Images = Shape.Image(3, 227, 227);
    private static readonly AlexNet Torchvision = new() { Variant = AlexNetVariant.Torchvision };

    [Fact]
    public void Maps_are_those_of_figure_2()
    {
        Assert.Equal(
            "96@55 96@27 256@27 256@13 384@13 384@13 256@13 256@6",
            Maps(new AlexNet().ToNetwork(Images, 1000)));
        Assert.Equal(
            "64@55 64@27 192@27 192@13 384@13 256@13 256@13 256@6",
            Maps(Torchvision.ToNetwork(Shape.Image(3, 224, 224), 1000)));

        static string Maps(Network network) => string.Join(' ', network.Plan().Steps
            .Where(s => s.Leaf is Conv2d or MaxPool2d).Select(s => $"{s.OutputShape.Size(1)}@{s.OutputShape.Size(2)}"));
    }

    [Fact]
    public void The_papers_form_has_its_groups_normalisation_and_overlapping_windows()
    {
        var leaves = new AlexNet().ToNetwork(Images, 1000).Plan().Steps.Select(s => s.Leaf).ToList();
        Assert.Equal([1, 2, 1, 2, 2], leaves.OfType<Conv2d>().Select(c => c.Groups));
        Assert.All(leaves.OfType<MaxPool2d>(), p => Assert.Equal((3, 2), (p.Kernel, p.Stride)));

        // The paper's α of 1e-4 multiplies the sum; the layer's is divided by the five channels first.
        var norms = leaves.OfType<LocalResponseNorm>().ToList();
        Assert.Equal(2, norms.Count);
        Assert.All(norms, n => Assert.Equal((5, 1e-4, 0.75, 2.0), (n.Size, n.Alpha / n.Size, n.Beta, n.K)));

        // Convolution, ReLU, normalisation, pooling; dropout behind the hidden layers.
        Assert.Equal("Conv2d ReLU LocalResponseNorm MaxPool2d", string.Join(' ', leaves.Take(4).Select(l => l.GetType().Name)));
        Assert.Equal(
            "Flatten Linear ReLU Dropout Linear ReLU Dropout Linear",
            string.Join(' ', leaves.TakeLast(8).Select(l => l.GetType().Name)));
        Assert.DoesNotContain(Torchvision.ToNetwork(Images, 1000).Plan().Steps, s => s.Leaf is LocalResponseNorm or Conv2d { Groups: > 1 });
    }

    [Fact]
    public void Weights_start_as_in_the_paper_and_as_in_torchvision()
    {
        var paper = new AlexNet().ToNetwork(Images, 1000).Plan().Parameters.ToDictionary(p => p.Name, p => p.Parameter.Init);
        Assert.All(paper.Where(p => p.Key.EndsWith(".weight", StringComparison.Ordinal)), p => Assert.Equal(new NormalInit(0.01), p.Value));
        string[] atOne = ["conv2.bias", "conv4.bias", "conv5.bias", "fc6.bias", "fc7.bias"];
        Assert.All(atOne, name => Assert.Equal(new ConstantInit(1), paper[name]));
        Assert.All(((string[])["conv1.bias", "conv3.bias", "output.bias"]), name => Assert.Equal(new ConstantInit(0), paper[name]));
        Assert.Equal(16, paper.Count);
        Assert.All(Torchvision.ToNetwork(Images, 1000).Plan().Parameters, p => Assert.IsType<FanInUniformInit>(p.Parameter.Init));
    }

    [Fact]
    public void Images_of_224_count_as_the_papers_227_and_torchvisions_form_takes_any_size()
    {
        var plan = new AlexNet().ToNetwork(Shape.Image(3, 224, 224), 1000).Plan();
        Assert.Equal((60_965_224, 724_406_816), (plan.ParameterCount, plan.Macs));
        Assert.Equal(61_100_840, Torchvision.ToNetwork(Shape.Image(3, 96, 128), 1000).Plan().ParameterCount);
    }

    [Fact]
    public void Images_too_small_for_the_last_pooling_are_one_error()
    {
        Assert.Equal(Shape.Vector(10), new AlexNet().ToNetwork(Shape.Image(3, 67, 67), 10).Plan().Outputs[0].Shape);
        Assert.Equal(Shape.Vector(10), Torchvision.ToNetwork(Shape.Image(3, 63, 63), 10).Plan().Outputs[0].Shape);
        Refused(
            "alexNet needs images of 67×67 or larger but got [N, 3, 67, 66]; use larger images, ",
            new AlexNet(),
            Shape.Image(3, 67, 66));
        Refused("alexNet needs images of 63×63 or larger but got [N, 3, 32, 32]; use larger images, ", Torchvision, Shape.Image(3, 32, 32));
        Refused("conv1: Conv2d expects float32 images", new AlexNet(), Shape.Vector(784));

        static void Refused(string start, AlexNet spec, Shape input) => Assert.StartsWith(
            start,
            Assert.Throws<ShapeException>(() => spec.ToNetwork(input, 10).Plan()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_named_in_configurations() =>
        Assert.Equal(Torchvision, RecordJson.Deserialize<NetworkSpec>("""{ "type": "alexNet", "variant": "torchvision" }"""));
}

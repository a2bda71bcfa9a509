using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Networks;

/// <summary>Every architecture is a backbone with a head behind it.</summary>
public sealed class BackboneTests
{
    public static TheoryData<NetworkSpec, Shape, int> Cases => new()
    {
        { new Mlp { Hidden = [7, 5] }, Shape.Vector(4), 5 },
        { new LeNet5(), Shape.Image(1, 28, 28), 84 },
        { new LeNet5Original(), Shape.Image(1, 32, 32), 84 },
        { new ResNet { Depth = 18 }, Shape.Image(3, 64, 64), 512 },
        { new ResNet { Depth = 50 }, Shape.Image(3, 64, 64), 2048 },
        { new CifarResNet(), Shape.Image(3, 32, 32), 64 },
        { new GoogLeNet(), Shape.Image(3, 224, 224), 1024 },
        { new AlexNet(), Shape.Image(3, 227, 227), 4096 },
        { new AlexNet { Variant = AlexNetVariant.Torchvision }, Shape.Image(3, 224, 224), 4096 },
        { new Vgg(), Shape.Image(3, 224, 224), 4096 },
        { new Vgg { BatchNorm = true, Classifier = VggClassifier.Cifar }, Shape.Image(3, 32, 32), 512 },
        { new CustomNetwork { Layers = new Sequential(new Linear(9), new ReLU(), new Linear(10)) }, Shape.Vector(3), 9 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_backbone_makes_features_and_its_weights_are_those_of_the_whole_network(NetworkSpec spec, Shape input, int features)
    {
        var backbone = new Network(spec.Backbone(input), input).Plan();
        Assert.Equal(Shape.Vector(features), backbone.Outputs[0].Shape);
        var whole = spec.ToNetwork(input, 10).Plan();
        Assert.Equal(Shape.Vector(10), whole.Outputs[0].Shape);
        Assert.Subset(whole.Parameters.Select(p => p.Name).ToHashSet(), backbone.Parameters.Select(p => p.Name).ToHashSet());
        Assert.Single(backbone.Outputs);
    }
}

using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Torch;

public sealed class TorchNetworkTests
{
    [Fact]
    public void Mlp_has_the_published_count_and_the_inferred_shape()
    {
        var network = new Network(new Sequential(new Flatten(), new Linear(128), new ReLU(), new Linear(10)), Shape.Image(1, 28, 28));
        using var torchNetwork = new TorchNetwork(network);
        Assert.Equal(101_770, torchNetwork.Plan.ParameterCount);
        Assert.Equal(101_632, torchNetwork.Plan.Macs);
        Assert.Equal(101_770, torchNetwork.parameters().Sum(p => p.numel()));
        using var scope = NewDisposeScope();
        Assert.Equal([2, 10], torchNetwork.Forward(randn(2, 1, 28, 28))[Network.DefaultOutput].shape);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetDl.Benchmarks;

/// <summary>The benchmarks' networks as one would write them in TorchSharp by hand.</summary>
internal static class BareNetworks
{
    public static Module<Tensor, Tensor> LeNet5() => Sequential(
        Conv2d(1, 6, 5, padding: 2), ReLU(), MaxPool2d(2), Conv2d(6, 16, 5), ReLU(), MaxPool2d(2),
        Flatten(), Linear(400, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, 10));

    public static Module<Tensor, Tensor> ResNet18() => Sequential(
        Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), BatchNorm2d(64), ReLU(inplace: true), MaxPool2d(3, stride: 2, padding: 1),
        new Block(64, 64, 1), new Block(64, 64, 1), new Block(64, 128, 2), new Block(128, 128, 1),
        new Block(128, 256, 2), new Block(256, 256, 1), new Block(256, 512, 2), new Block(512, 512, 1),
        AdaptiveAvgPool2d(1), Flatten(), Linear(512, 10));

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Sequential branch;
        private readonly Sequential? shortcut;

        public Block(int channels, int width, int stride) : base("block")
        {
            branch = Sequential(
                Conv2d(channels, width, 3, stride, 1, bias: false),
                BatchNorm2d(width),
                ReLU(inplace: true),
                Conv2d(width, width, 3, 1, 1, bias: false),
                BatchNorm2d(width));
            shortcut = stride == 1 ? null : Sequential(Conv2d(channels, width, 1, stride, bias: false), BatchNorm2d(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => functional.relu(
            branch.forward(input).add_(shortcut is null ? input : shortcut.forward(input)), inplace: true);
    }
}

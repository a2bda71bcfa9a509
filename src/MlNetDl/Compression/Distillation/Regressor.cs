using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Brings a student's inner value to the teacher's number of channels: a 1×1 convolution, for vectors a linear
/// layer (Romero et al. 2014, arXiv:1412.6550, section 2.2).</summary>
internal sealed class Regressor : IDisposable
{
    /// <summary>A regressor with weights from U(−1/√n, 1/√n), n the student's channels, and biases of 0.</summary>
    /// <param name="from">The student's channels.</param>
    /// <param name="to">The teacher's channels.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="device">The device.</param>
    public Regressor(int from, int to, int seed, Device device)
    {
        var random = new Random(seed);
        double bound = 1 / Math.Sqrt(from);
        var values = Enumerable.Range(0, from * to).Select(_ => (float)(((2 * random.NextDouble()) - 1) * bound)).ToArray();
        Weight = tensor(values, device: device).reshape(to, from).clone().DetachFromDisposeScope();
        Bias = zeros(to, device: device).DetachFromDisposeScope();
        (Weight.requires_grad, Bias.requires_grad) = (true, true);
    }

    /// <summary>The weights, [to, from].</summary>
    public Tensor Weight { get; }

    /// <summary>The biases, [to].</summary>
    public Tensor Bias { get; }

    /// <summary>The value with the teacher's channels.</summary>
    /// <param name="value">[N, C] or [N, C, H, W].</param>
    public Tensor Of(Tensor value) => value.dim() == 2
        ? nn.functional.linear(value, Weight, Bias)
        : nn.functional.conv2d(value, Weight.unsqueeze(2).unsqueeze(3), Bias);

    /// <inheritdoc/>
    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}

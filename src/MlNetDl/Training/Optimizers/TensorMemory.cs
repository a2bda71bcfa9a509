using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>Tensors whose memory is read and written directly.</summary>
internal static class TensorMemory
{
    /// <summary>Whether it is contiguous float32 on the CPU.</summary>
    public static bool IsPlain(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.is_contiguous() && tensor.dtype == ScalarType.Float32;

    /// <summary>The elements of a plain tensor.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>Tells torch that the memory was written.</summary>
    /// <remarks>Torch does not see it by itself. A copy onto itself copies nothing but counts as a change, so that
    /// torch refuses to run an older graph backward instead of giving wrong gradients.</remarks>
    public static void RaiseVersion(Tensor tensor) => tensor.copy_(tensor);
}

namespace MlNetDl.Layers.Contracts;

/// <summary>The number format of activations and matrix products.</summary>
public enum Precision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>bfloat16 with weights, statistics and loss in float32: about half the time for large convolutions on
    /// CPUs and GPUs that have it, slower for small networks. On an x86 CPU without AVX512_BF16 or AMX it is emulated:
    /// 2.5 times slower with AVX-512, some thirty times without; training then warns.</summary>
    BFloat16,
}

namespace MlNetDl.Layers.Contracts;

/// <summary>What activations and matrix products are computed in.</summary>
public enum Precision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>bfloat16 with weights, statistics and loss in float32: about half the time for large convolutions on CPUs and GPUs that have it, slower for small networks. On a CPU without AVX-512 it is emulated and some thirty times slower.</summary>
    BFloat16,
}

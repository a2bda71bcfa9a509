using System.Runtime.Intrinsics.X86;

namespace MlNetDl.Torch;

/// <summary>What the processor can do that .NET does not say.</summary>
internal static class ProcessorFeatures
{
    private const int Leaf = 7, AmxBFloat16 = 1 << 22, Avx512BFloat16 = 1 << 5;

    /// <summary>Whether bfloat16 would be emulated: an x86 processor with neither AVX512_BF16 nor AMX-BF16 (Intel's Software Developer's
    /// Manual, CPUID leaf 7). Of others it is not known, and not said.</summary>
    public static bool EmulatesBFloat16 { get; } = X86Base.IsSupported && !HasBFloat16();

    private static bool HasBFloat16() => X86Base.CpuId(0, 0).Eax >= Leaf
        && ((X86Base.CpuId(Leaf, 0).Edx & AmxBFloat16) != 0 || (X86Base.CpuId(Leaf, 1).Eax & Avx512BFloat16) != 0);
}

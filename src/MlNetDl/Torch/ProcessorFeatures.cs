using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MlNetDl.Torch;

/// <summary>Features of the processor that .NET does not tell.</summary>
internal static class ProcessorFeatures
{
    private const int Leaf = 7, AmxBFloat16 = 1 << 22, Avx512BFloat16 = 1 << 5;
    private const int Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;
    private const int Caches = 4, AmdCaches = unchecked((int)0x8000001D), LastExtended = unchecked((int)0x80000000);

    /// <summary>Whether an x86 processor does not tell its caches (CPUID leaf 4, of AMD 0x8000001D), as in
    /// some virtual machines.</summary>
    /// <remarks>There oneDNN 3.7, which libtorch 2.10 has, computes wrong convolutions: with AVX and AVX2 of more than 8 input
    /// channels that are no multiple of 8 (off by a tenth to a half, some values NaN), beyond that input gradients where
    /// channels are no multiple of 16, or it ends the process by a division by 0. With SSE4.1 they are right.</remarks>
    public static bool HidesCaches { get; } = X86Base.IsSupported && !TellsCaches();

    /// <summary>Whether bfloat16 would be emulated: an x86 processor with neither AVX512_BF16 nor AMX-BF16 (Intel's
    /// Software Developer's Manual, CPUID leaf 7), or one whose instructions are not used (<see cref="HidesCaches"/>).
    /// Other processors do not tell.</summary>
    public static bool EmulatesBFloat16 { get; } = HidesCaches || (X86Base.IsSupported && !HasBFloat16());

    /// <summary>Whether it sums products of 8-bit integers in 32 bits: VNNI on x86 (AVX512_VNNI or AVX-VNNI, CPUID leaf 7), the dot
    /// product of ARM. Without, sums of two products are cut off at 16 bits on x86, and integers are hardly faster than
    /// floats.</summary>
    public static bool HasIntegerProducts { get; } = Dp.IsSupported || (X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= Leaf
        && ((X86Base.CpuId(Leaf, 0).Ecx & Avx512Vnni) != 0 || (X86Base.CpuId(Leaf, 1).Eax & AvxVnni) != 0));

    // The lowest five bits are the kind of a cache; 0 is none.
    private static bool TellsCaches() => (X86Base.CpuId(0, 0).Eax >= Caches && (X86Base.CpuId(Caches, 0).Eax & 0x1F) != 0)
        || ((uint)X86Base.CpuId(LastExtended, 0).Eax >= unchecked((uint)AmdCaches) && (X86Base.CpuId(AmdCaches, 0).Eax & 0x1F) != 0);

    private static bool HasBFloat16() => X86Base.CpuId(0, 0).Eax >= Leaf
        && ((X86Base.CpuId(Leaf, 0).Edx & AmxBFloat16) != 0 || (X86Base.CpuId(Leaf, 1).Eax & Avx512BFloat16) != 0);
}

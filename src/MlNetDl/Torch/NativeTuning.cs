using System.Runtime.InteropServices;
using MlNetDl.Files;

namespace MlNetDl.Torch;

/// <summary>Settings of the C library and of OpenMP that must be made before libtorch loads.</summary>
internal static partial class NativeTuning
{
    private const string Instructions = "ONEDNN_MAX_CPU_ISA", SafeInstructions = "SSE41";

    public static void Apply()
    {
        if (OperatingSystem.IsLinux())
        {
            TuneAllocator(Mallopt);
            TuneThreads();
        }
    }

    /// <summary>The user's setting of the instructions that oneDNN may use; <see langword="null"/> where nothing is
    /// set.</summary>
    public static string? UsersInstructions { get; } = Environment.GetEnvironmentVariable(Instructions);

    /// <summary>Keeps oneDNN from what it computes wrongly. It reads this at its first use, which may come before ours.</summary>
    public static void LimitInstructions()
    {
        if (!ProcessorFeatures.HidesCaches || UsersInstructions is not null)
        {
            return;
        }

        // On Windows oneDNN asks the system, elsewhere the C library.
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(Instructions, SafeInstructions);
        }
        else
        {
            NativeEnvironment.SetDefault(Instructions, SafeInstructions);
        }
    }

    // glibc returns large blocks to the system at once and faults them in again at the next step; with both thresholds
    // high a ResNet-18 step takes about 0.83 of the time.
    internal static void TuneAllocator(Func<int, int, int> mallopt)
    {
        const int TrimThreshold = -1, MmapThreshold = -3, Most = 1 << 30;

        // The most that glibc takes for the second before version 2.35, 4·1024·1024·sizeof(long).
        const int MostBefore = 32 << 20;
        try
        {
            // A trim threshold alone would do harm: setting either pins the other where it is, that for
            // mapping at 128 KB.
            if (mallopt(MmapThreshold, Most) != 0 || mallopt(MmapThreshold, MostBefore) != 0)
            {
                _ = mallopt(TrimThreshold, Most);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library (musl): it has no such thresholds.
        }
        catch (DllNotFoundException)
        {
            // Likewise.
        }
    }

    // Threads of libgomp that wait for each other spin for about a millisecond before they sleep. On a busy
    // machine that takes the core from the one they wait for: an epoch of LeNet-5 beside two other processes took
    // 48 to 61 s, with this spin 19 s and with almost none 9 s; but alone, almost none costs 6 % of a step. A
    // user's own setting stands.
    private static void TuneThreads()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "10000");
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Win32.SafeHandles;

namespace MlNetDl.Torch;

/// <summary>Makes TorchSharp's native libraries load, or says in one clear error why they cannot.</summary>
/// <remarks>
/// <para>TorchSharp's Linux binary asks for <c>GLIBCXX_3.4.32</c> (GCC 13), though no symbol it uses is of that version. Debian 12, Ubuntu 22.04 and many containers
/// stop at 3.4.30 and refuse to load it. There the one version entry is marked weak in a private copy in memory, and that copy is loaded; no file is changed or written.</para>
/// <para>It installs itself when this library is first touched. An application that touches <c>torch</c> before anything of this library must call <see cref="Install"/> first;
/// users of the NuGet package get such a call at start-up.</para>
/// </remarks>
public static partial class NativeBootstrap
{
    private static readonly Lock Gate = new();
    private static bool installed;
    private static bool ensured;

    /// <summary>Takes over the loading of TorchSharp's binary where the system's own loader refuses it. Cheap; loads nothing yet; may be called any number of times.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must precede the first use of torch, which may be the user's.")]
    public static void Install()
    {
        lock (Gate)
        {
            if (!installed && OperatingSystem.IsLinux())
            {
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            }

            installed = true;
        }
    }

    /// <summary>Makes sure that libtorch is there, and tunes the allocator for it, before torch is first touched.</summary>
    /// <exception cref="TorchNotFoundException">libtorch is not beside the application.</exception>
    public static void Ensure()
    {
        lock (Gate)
        {
            if (ensured)
            {
                return;
            }

            foreach (var library in Libraries)
            {
                if (Find(library) is null)
                {
                    throw new TorchNotFoundException(library, SearchFolders());
                }
            }

            if (OperatingSystem.IsLinux())
            {
                TuneAllocator();
                TuneThreads();
            }

            ensured = true;
        }
    }

    private static string[] Libraries =>
        OperatingSystem.IsWindows() ? ["torch_cpu.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS() ? ["libtorch_cpu.dylib", "libLibTorchSharp.dylib"]
        : ["libtorch_cpu.so", "libLibTorchSharp.so"];

    // glibc returns large blocks to the system at once and faults them in again at the next step; with both thresholds high a ResNet-18 step takes about 0.83 of the time.
    private static void TuneAllocator()
    {
        const int TrimThreshold = -1, MmapThreshold = -3;
        try
        {
            _ = Mallopt(MmapThreshold, 1 << 30);
            _ = Mallopt(TrimThreshold, 1 << 30);
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

    // Threads of libgomp that wait for each other spin for about a millisecond before they sleep. On a busy machine that takes the core from the one they wait for: an epoch of LeNet-5
    // beside two other processes took 48 to 61 s, with this spin 19 s and with almost none 9 s; but alone, almost none costs 6 % of a step. A user's own setting stands. .NET's SetEnvironmentVariable does not reach native code.
    private static void TuneThreads()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", "10000", overwrite: 0);
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != "LibTorchSharp" || Find("libLibTorchSharp.so") is not { } source)
        {
            return 0;
        }

        var bytes = File.ReadAllBytes(source);
        if (!WeakenVersion(bytes, "GLIBCXX_3.4.32"u8))
        {
            return 0;
        }

        foreach (var dependency in (ReadOnlySpan<string>)["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            if (Find(dependency) is { } path)
            {
                NativeLibrary.Load(path);
            }
        }

        return LoadFromMemory(bytes);
    }

    // An entry of .gnu.version_r: hash of the version's name (SysV ELF hash), then 16 bits of flags, of which VER_FLG_WEAK (2) makes its absence a warning.
    private static bool WeakenVersion(Span<byte> library, ReadOnlySpan<byte> version)
    {
        const ushort Weak = 2;
        uint hash = 0;
        foreach (byte c in version)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        bool found = false;
        for (int i = 0; i + 16 <= library.Length; i += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(library[i..]) == hash && BinaryPrimitives.ReadUInt16LittleEndian(library[(i + 4)..]) == 0)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(library[(i + 4)..], Weak);
                found = true;
            }
        }

        return found;
    }

    private static nint LoadFromMemory(byte[] library)
    {
        const uint CloseOnExec = 1;
        int descriptor = MemfdCreate("libLibTorchSharp.so", CloseOnExec);
        if (descriptor >= 0)
        {
            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            RandomAccess.Write(handle, library, 0);
            return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
        }

        // A kernel without memfd: a temporary file, gone as soon as it is mapped.
        var path = Path.Combine(Path.GetTempPath(), $"libLibTorchSharp-{Guid.NewGuid():N}.so");
        try
        {
            File.WriteAllBytes(path, library);
            return NativeLibrary.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? Find(string library) => SearchFolders().Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);

    private static IReadOnlyList<string> SearchFolders() =>
    [
        .. ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
    ];

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}

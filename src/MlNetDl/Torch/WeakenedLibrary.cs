using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MlNetDl.Files;

namespace MlNetDl.Torch;

/// <summary>Loads TorchSharp's Linux binary on systems whose C++ library is older than the one it asks for.</summary>
/// <remarks>
/// It asks for <c>GLIBCXX_3.4.32</c> (GCC 13), though no symbol it uses is of that version. Debian 12, Ubuntu 22.04 and
/// many containers stop at 3.4.30 and refuse to load it. The one version entry is marked weak in a private copy in
/// memory, and that copy is loaded; no file is changed or written.
/// </remarks>
internal static partial class WeakenedLibrary
{
    /// <summary>Loads the private copy, or returns <see langword="null"/> where there is nothing to weaken.</summary>
    /// <exception cref="DllNotFoundException">The system's loader refuses it.</exception>
    public static nint? TryLoad(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!Weaken(bytes, "GLIBCXX_3.4.32"u8))
        {
            return null;
        }

        // A copy in memory has no folder beside which the system would look for what it needs.
        foreach (var dependency in (ReadOnlySpan<string>)["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            if (TorchFiles.Find(dependency) is { } found)
            {
                NativeLibrary.Load(found);
            }
        }

        return LoadFromMemory(bytes);
    }

    // An entry of .gnu.version_r: hash of the version's name (SysV ELF hash), then 16 bits of flags, of which
    // VER_FLG_WEAK (2) makes its absence a warning.
    private static bool Weaken(Span<byte> library, ReadOnlySpan<byte> version)
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
            if (BinaryPrimitives.ReadUInt32LittleEndian(library[i..]) == hash
                && BinaryPrimitives.ReadUInt16LittleEndian(library[(i + 4)..]) == 0)
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
        ScratchFolder.Check("Loading libtorch on this system");
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

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}

using System.Runtime.InteropServices;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>The identity of the file that a path names. A file that takes the place of a deleted one has another
/// identity.</summary>
/// <param name="Device">The file system; 0 outside Linux.</param>
/// <param name="Number">On Linux the number of the file in its file system, elsewhere its time of creation.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number)
{
    // The calling folder, the number alone, and the error numbers of paths that name nothing. See statx(2), errno(3).
    private const int AtFolder = -100, NumberOnly = 0x100, NoEntry = 2, NoFolder = 20, Stale = 116;

    /// <summary>A file about which nothing is known but that it is there.</summary>
    private static readonly FileIdentity Unknown = new(0, 0);

    /// <summary>The identity of a file; <see langword="null"/> when the path names no file.</summary>
    public static FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                return Stat(AtFolder, path, 0, NumberOnly, out var status) == 0 ? new(status.Device, status.Number)
                    : Marshal.GetLastPInvokeError() is NoEntry or NoFolder or Stale ? null
                    : Unknown;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                // A C library that is too old for the call.
            }
        }

        return !File.Exists(path) ? null : OperatingSystem.IsMacOS() ? new(0, (ulong)File.GetCreationTimeUtc(path).Ticks) : Unknown;
    }

    /// <summary>Whether both are certainly different files.</summary>
    public bool DiffersFrom(FileIdentity other) => this != Unknown && other != Unknown && this != other;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint wanted, out Status status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public ulong Device;
    }
}

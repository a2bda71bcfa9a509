using System.Runtime.InteropServices;

namespace MlNetDl.Files;

/// <summary>Environment variables that native libraries of this process read; .NET's own <c>SetEnvironmentVariable</c>
/// does not reach them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable that nobody has set. Nothing happens on Windows, where each C library has variables
    /// of its own.</summary>
    public static void SetDefault(string name, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            _ = SetEnvironment(name, value, overwrite: 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without a C library of that name: the libraries' own defaults stay.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

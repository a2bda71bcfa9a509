using System.Diagnostics;

namespace MlNetDl.Cli.Tests;

/// <summary>A file system of 2 MB, so that a disk can be full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    private SmallDisk(string folder) => this.folder = folder;

    /// <summary>Mounts it; <see langword="null"/> where the system does not let this process do so.</summary>
    public static SmallDisk? Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder) ? new(folder) : null;
    }

    public void Dispose() => Run("umount", folder);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A fact that needs a <see cref="SmallDisk"/>; skipped, and counted as such, where none can be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.Mount(folder["probe"]);
        if (disk is null)
        {
            Skip = "Only root on Linux can mount a small file system.";
        }
    }
}

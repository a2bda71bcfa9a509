using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MlNetDl.Search.Storage;

/// <summary>The process that runs an attempt, so that another on the same machine need not wait for the leases
/// of the dead.</summary>
/// <param name="Id">Its number, which is used again after its end.</param>
/// <param name="Started">The time of its start, in the system's own units. It tells the process from others with that
/// number.</param>
/// <param name="Host">The scope of process numbers: the machine, and on Linux also boot and namespace of processes,
/// because containers count their own.</param>
/// <param name="Until">The end of its lease, in milliseconds by the steady clock that all processes of one boot share;
/// <see langword="null"/> where there is no such clock.</param>
internal sealed record WorkerProcess(int Id, long Started, string Host, long? Until = null)
{
    // The system's number of a process as /proc sees it. In a namespace without a /proc of its own it is another one
    // than the process's.
    private const string Self = "/proc/self";

    /// <summary>This process; <see langword="null"/> where its identity is uncertain, so that only leases
    /// count.</summary>
    public static WorkerProcess? Current { get; } = Find();

    /// <summary>The process of a text; <see langword="null"/> when there is none.</summary>
    public static WorkerProcess? Parse(string? text) =>
        text?.Split(' ', 3) is [var id, var times, var host]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && times.Split('@', 2) is var parts && Time(parts[0]) is { } start
            ? new(number, start, host, parts.Length > 1 ? Time(parts[1]) : null)
            : null;

    /// <summary>The process with a lease until then. Not on Windows: there the steady clock goes on while the machine
    /// sleeps, so that it says no more than the wall clock.</summary>
    /// <param name="steady">In milliseconds by the steady clock: since boot, time asleep not counted.</param>
    public WorkerProcess LeasedUntil(long steady) => this with { Until = OperatingSystem.IsWindows() ? null : steady };

    /// <summary>Whether the process is there: <see langword="false"/> when its number belongs to none or to one that
    /// started at another time; <see langword="null"/> when that cannot be told, as when it ran elsewhere.</summary>
    public bool? Lives()
    {
        if (Host != Current?.Host)
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(Id);
            return StartOf(process) is { } started ? started == Started : null;
        }
        catch (ArgumentException)
        {
            // No process has the number; one of another user would be found.
            return false;
        }
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id} {Started}{(Until is { } until ? $"@{until}" : "")} {Host}");

    private static long? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? time : null;

    private static WorkerProcess? Find()
    {
        using var process = Process.GetCurrentProcess();
        return HostOf(process.Id) is { } host && StartOf(process) is { } started ? new(process.Id, started, host) : null;
    }

    private static string? HostOf(int id)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Environment.MachineName;
        }

        try
        {
            bool own = new FileInfo(Self).LinkTarget == id.ToString(CultureInfo.InvariantCulture);
            return own && new FileInfo($"{Self}/ns/pid").LinkTarget is { } space
                ? $"{Environment.MachineName} {File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {space}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>When a process started; 0 when it has ended and only waits for its parent to notice;
    /// <see langword="null"/> when that is not to be known.</summary>
    private static long? StartOf(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                return process.StartTime.ToUniversalTime().Ticks;
            }

            // Ticks since boot: unlike Process.StartTime they do not depend on what the clock showed. See
            // proc_pid_stat(5); fields are counted from behind the name, which may hold anything.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? 0 : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception
            or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}

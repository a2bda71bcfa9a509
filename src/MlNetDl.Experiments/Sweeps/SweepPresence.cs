using System.Globalization;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>A process that takes part in a sweep's folder. Others see that it does, and may ask it to stop. It holds a lock
/// on a file of its own, which the system takes away when the process dies: nobody waits for a dead one.</summary>
internal sealed class SweepPresence : IDisposable
{
    /// <summary>The role of a runner.</summary>
    public const string Runner = "runner";

    /// <summary>The role of a worker.</summary>
    public const string Worker = "worker";

    // Beside the logs of the workers: such files are no work that a run could lose.
    private const string Below = "workers", Extension = ".present", StopFile = "stop";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource stopping;
    private readonly FileStream held;
    private readonly ITimer? timer;
    private readonly string? before;
    private readonly string folder;

    private SweepPresence(string folder, string role, bool obeys, CancellationToken stop)
    {
        this.folder = folder;
        before = Request(folder);
        held = Hold(folder, role);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer = obeys ? TimeProvider.System.CreateTimer(_ => Look(), null, Interval, Interval) : null;
    }

    /// <summary>Cancelled when somebody asks the processes of this folder to stop, and with the token that was
    /// given.</summary>
    public CancellationToken Stop => stopping.Token;

    /// <summary>Takes part.</summary>
    /// <param name="folder">The folder of the sweep.</param>
    /// <param name="role">What the process is: <see cref="Runner"/> or <see cref="Worker"/>.</param>
    /// <param name="stop">Stops it too.</param>
    /// <param name="obeys">Whether it stops when somebody asks.</param>
    public static SweepPresence Enter(string folder, string role, CancellationToken stop, bool obeys = true) =>
        new(folder, role, obeys, stop);

    /// <summary>The roles of those who take part now. Files of dead ones are deleted.</summary>
    public static IReadOnlyList<string> Of(string folder)
    {
        var below = Path.Combine(folder, Below);
        return Directory.Exists(below)
            ? [.. Directory.EnumerateFiles(below, $"*{Extension}").Where(IsHeld).Select(f => Path.GetFileName(f).Split('@')[0])]
            : [];
    }

    /// <summary>Asks all who take part now to stop. Those who come later are not meant.</summary>
    public static void AskToStop(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, Below, StopFile), Guid.NewGuid().ToString("N"));

    /// <summary>Takes the request back, once all have followed it.</summary>
    public static void ForgetRequest(string folder) => File.Delete(Path.Combine(folder, Below, StopFile));

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        held.Dispose();
        stopping.Dispose();
    }

    private static FileStream Hold(string folder, string role)
    {
        var below = Directory.CreateDirectory(Path.Combine(folder, Below)).FullName;
        // Somebody who looks between the making of the file and its lock takes it for a dead one's and deletes it.
        for (int tries = 1; ; tries++)
        {
            var path = Path.Combine(below, string.Create(CultureInfo.InvariantCulture,
                $"{role}@{Environment.MachineName}@{Environment.ProcessId}@{Guid.NewGuid():N}{Extension}"));
            try
            {
                var held = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (File.Exists(path))
                {
                    return held;
                }

                held.Dispose();
            }
            catch (IOException) when (tries < 5)
            {
                // The other one still looks.
            }
        }
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string? Request(string folder)
    {
        try
        {
            var file = Path.Combine(folder, Below, StopFile);
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (IOException)
        {
            // It is being replaced; the next look sees it.
            return null;
        }
    }

    private void Look()
    {
        if (Request(folder) is not { } asked || asked == before)
        {
            return;
        }

        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process has just left.
        }
    }
}

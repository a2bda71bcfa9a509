using System.Collections.Concurrent;
using System.Diagnostics;

namespace MlNetDl.Experiments;

/// <summary>A worker process as its runner sees it.</summary>
internal sealed class SupervisedWorker : IDisposable
{
    private const int LinesKept = 20;
    private readonly Process process;
    private readonly ConcurrentQueue<WorkerEvent> news = [];
    private readonly ConcurrentQueue<string> errors = [];
    private readonly Lock gate = new();

    /// <summary>Begins to listen to a process.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="process">The process.</param>
    /// <param name="log">The file that takes what it prints beside events: the last words of one that crashes.</param>
    public SupervisedWorker(int number, Process process, string log)
    {
        (Number, this.process) = (number, process);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                if (WorkerEvent.Parse(text) is { } told)
                {
                    news.Enqueue(told);
                }
                else
                {
                    Keep(text);
                }
            }
        };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Keep(string? text)
        {
            if (text is null)
            {
                return;
            }

            errors.Enqueue(text);
            while (errors.Count > LinesKept && errors.TryDequeue(out string? _))
            {
            }

            lock (gate)
            {
                try
                {
                    File.AppendAllText(log, text + "\n");
                }
                catch (IOException)
                {
                    // The last lines are kept in memory.
                }
            }
        }
    }

    /// <summary>Its number, from 1.</summary>
    public int Number { get; }

    /// <summary>Whether it has no trial of the search left.</summary>
    public bool HasSearched { get; set; }

    /// <summary>Whether it has begun to work.</summary>
    public bool IsReady { get; set; }

    /// <summary>The clock's timestamp when it began its trial; <see langword="null"/> between two.</summary>
    public long? TrialStarted { get; set; }

    /// <summary>Why it said that it cannot go on.</summary>
    public string? Reason { get; set; }

    /// <summary>How it ended; <see langword="null"/> while it runs.</summary>
    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Its last lines beside events.</summary>
    public string LastWords => string.Join('\n', errors);

    /// <summary>What it has told since it was last asked.</summary>
    public IEnumerable<WorkerEvent> News()
    {
        while (news.TryDequeue(out var told))
        {
            yield return told;
        }
    }

    /// <summary>Tells it something.</summary>
    public void Tell(string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has just ended.
        }
    }

    /// <summary>Waits until all that it has printed has been read.</summary>
    public void Drain() => process.WaitForExit();

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }
}

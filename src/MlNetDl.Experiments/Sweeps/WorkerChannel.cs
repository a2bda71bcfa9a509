namespace MlNetDl.Experiments;

/// <summary>How a worker hears from its runner and tells it what it does: by standard input and output. When the input
/// ends, the runner is gone, and the worker stops.</summary>
public sealed class WorkerChannel : IDisposable
{
    /// <summary>What a runner says when the search is over and the final round begins; the name of its study follows.</summary>
    internal const string BeginFinal = "begin ";

    /// <summary>What a runner says to stop the worker, with a checkpoint.</summary>
    internal const string StopNow = "stop";

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<string> final = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextWriter? output;
    private readonly Lock gate = new();

    private WorkerChannel(TextWriter? output) => this.output = output;

    /// <summary>Cancelled when the runner says so, or is gone.</summary>
    public CancellationToken Stop => stopping.Token;

    /// <summary>Whether there is a runner at the other end.</summary>
    internal bool HasRunner => output is not null;

    /// <summary>A channel to the runner that has started this process.</summary>
    /// <param name="input">What it says.</param>
    /// <param name="output">What it is told.</param>
    public static WorkerChannel To(TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(input);
        var channel = new WorkerChannel(output);
        var listener = new Thread(() => channel.Listen(input)) { IsBackground = true, Name = "runner" };
        listener.Start();
        return channel;
    }

    /// <summary>A channel to nobody: a worker that somebody started by hand runs trials as long as there are any.</summary>
    public static WorkerChannel None() => new(null);

    /// <summary>Frees what the channel holds.</summary>
    public void Dispose() => stopping.Dispose();

    internal void Tell(WorkerEvent news)
    {
        if (output is null)
        {
            return;
        }

        lock (gate)
        {
            try
            {
                output.WriteLine(news.ToJson());
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody listens any more; the end of the input tells so too.
            }
        }
    }

    /// <summary>Waits for the final round, and gives the name of its study; <see langword="null"/> where the worker is to
    /// stop instead.</summary>
    internal string? WaitForFinal()
    {
        try
        {
            final.Task.Wait(Stop);
            return final.Task.Result;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Listen(TextReader input)
    {
        try
        {
            while (input.ReadLine() is { } line && line != StopNow)
            {
                if (line.StartsWith(BeginFinal, StringComparison.Ordinal))
                {
                    final.TrySetResult(line[BeginFinal.Length..]);
                }
            }
        }
        catch (IOException)
        {
            // As good as its end.
        }

        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The worker has ended by itself.
        }
    }
}

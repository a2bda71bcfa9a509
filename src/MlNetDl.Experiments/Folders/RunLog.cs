using System.Globalization;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The messages of a run, each with its time, in a file of its folder. A run that continues appends to it.</summary>
/// <param name="folder">The folder of the run.</param>
/// <param name="clock">Tells the time; the system's by default.</param>
internal sealed class RunLog(string folder, TimeProvider? clock = null) : Callback
{
    /// <summary>The file's name.</summary>
    public const string FileName = "log.txt";

    private readonly string path = Path.Combine(folder, FileName);

    /// <inheritdoc/>
    public override void Message(string text)
    {
        var time = (clock ?? TimeProvider.System).GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            File.AppendAllText(path, $"{time}  {text}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be written is no reason to lose a training; what the training itself cannot write is told.
        }
    }

    /// <summary>Runs something, and logs how it begins and ends.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="run">Runs it.</param>
    public T Begun<T>(string name, Func<T> run)
    {
        Message($"{name}: begun, or continued, by version {typeof(RunLog).Assembly.GetName().Version?.ToString(3) ?? "0"}");
        return Ended(run);
    }

    /// <summary>Runs something, and logs how it ends.</summary>
    public T Ended<T>(Func<T> run)
    {
        try
        {
            var result = run();
            Message("done");
            return result;
        }
        catch (OperationCanceledException)
        {
            Message("stopped; the same command continues it");
            throw;
        }
        catch (Exception e)
        {
            Message($"failed: {e.Message}");
            throw;
        }
    }
}

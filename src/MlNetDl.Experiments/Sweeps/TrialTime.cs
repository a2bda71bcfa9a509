using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>What holds for each training of a sweep, those of the final round among them: its longest time, and what files
/// that cannot be written mean.</summary>
internal static class TrialTime
{
    /// <summary>Trains within a time.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="longest">The longest time, and the key that sets it.</param>
    /// <param name="what">What the training is, for people.</param>
    /// <param name="train">Trains until it is done or asked to stop.</param>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    /// <exception cref="SearchEndedException">Its files could not be written.</exception>
    public static T Run<T>(Trial trial, (Duration? Time, string Key) longest, string what, Func<CancellationToken, T> train)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(trial.Stop);
        if (longest.Time is { } time)
        {
            stop.CancelAfter(time.Time);
        }

        try
        {
            return train(stop.Token);
        }
        catch (OperationCanceledException) when (!trial.Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"{what} took longer than {longest.Key}, {longest.Time}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk or a folder that is gone says nothing about parameters, and every other trial would fail on it too.
            throw new SearchEndedException(
                $"{what} could not be run: {e.Message} What was done is kept, and the same command goes on from there.", e);
        }
    }
}

using System.Globalization;
using MlNetDl.Metrics;

namespace MlNetDl.Training;

/// <summary>Finds the best epoch by the monitored figure, and decides when to stop waiting for a better one.</summary>
internal sealed class BestEpoch(TrainingOptions options, Goal goal)
{
    /// <summary>The best epoch so far, counted from 1; 0 where none was. Without validation it is
    /// the last one.</summary>
    public int Epoch { get; private set; }

    /// <summary>Its value.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Epochs without an improvement. Epochs that may not be the best do not count.</summary>
    public int Waited { get; private set; }

    /// <summary>Whether early stopping ends training now.</summary>
    public bool IsExhausted => options.EarlyStopping is { } early && Waited >= early.Patience;

    /// <summary>Judges the next epoch, and tells whether it is the new best. A figure that is not finite never
    /// is.</summary>
    /// <param name="report">The epoch.</param>
    /// <param name="mayBeBest">Whether the step lets the epoch be the best. If not, the epoch does not use up patience
    /// either.</param>
    public bool Judge(EpochReport report, bool mayBeBest)
    {
        if (report.Validation.Count == 0)
        {
            Epoch = report.Epoch;
            return true;
        }

        if (!mayBeBest)
        {
            return false;
        }

        double value = Monitored(report);
        double gain = goal.Loss(Value - value);
        bool better = double.IsFinite(value) && (Epoch == 0 || gain > (options.EarlyStopping?.MinDelta ?? 0));
        if (better)
        {
            Resume(report.Epoch, value, waited: 0);
        }
        else
        {
            Waited++;
        }

        return better;
    }

    /// <summary>The warning after the last epoch of <paramref name="history"/>, if its figure is the first that is not
    /// finite; otherwise <see langword="null"/>.</summary>
    public string? NotFinite(IReadOnlyList<EpochReport> history)
    {
        var last = history[^1];
        return IsFinite(last) || !history.SkipLast(1).All(IsFinite) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"'{options.Monitor}' of the validation data is {Monitored(last)} in epoch {last.Epoch}; such an epoch is never the best.");
    }

    /// <summary>The warning at the end where no epoch is the best, with the reason; otherwise <see
    /// langword="null"/>.</summary>
    public string? NoneWasBest(IReadOnlyList<EpochReport> history)
    {
        if (Epoch > 0)
        {
            return null;
        }

        var reason = history.Any(IsFinite)
            ? "no epoch with a finite figure could be the best"
            : $"'{options.Monitor}' of the validation data never was a finite number";
        return $"{reason}; the last weights are kept.";
    }

    /// <summary>Continues from what a checkpoint held.</summary>
    public void Resume(int epoch, double value, int waited) => (Epoch, Value, Waited) = (epoch, value, waited);

    private bool IsFinite(EpochReport report) => report.Validation.Count == 0 || double.IsFinite(Monitored(report));

    private double Monitored(EpochReport report)
    {
        if (!report.Validation.TryGetValue(options.Monitor.Name, out double value))
        {
            throw new InvalidOperationException($"The training step names the figure '{options.Monitor}', but its "
                + $"evaluation gives: {string.Join(", ", report.Validation.Keys)}.");
        }

        return value;
    }
}

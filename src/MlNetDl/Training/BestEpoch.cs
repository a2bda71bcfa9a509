using MlNetDl.Training.Metrics;

namespace MlNetDl.Training;

/// <summary>Which epoch was best by the monitored metric, and whether waiting for a better one is over.</summary>
internal sealed class BestEpoch(TrainingOptions options)
{
    /// <summary>The best epoch so far, counted from 1; 0 before the first. Without validation it is the last one.</summary>
    public int Epoch { get; private set; }

    /// <summary>Its value.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Looks at the next epoch; whether it is the new best.</summary>
    public bool Judge(EpochReport report)
    {
        if (report.Validation.Count == 0)
        {
            Epoch = report.Epoch;
            return true;
        }

        if (!report.Validation.TryGetValue(options.Monitor, out double value))
        {
            throw new InvalidOperationException($"training.monitor is '{options.Monitor}', which is no figure of this training; there are: {string.Join(", ", report.Validation.Keys)}.");
        }

        double gain = Metric.HigherIsBetter(options.Monitor) ? value - Value : Value - value;
        bool better = Epoch == 0 || (!double.IsNaN(value) && (double.IsNaN(Value) || gain > (options.EarlyStopping?.MinDelta ?? 0)));
        if (better)
        {
            Resume(report.Epoch, value);
        }

        return better;
    }

    /// <summary>Whether early stopping ends training after this epoch.</summary>
    public bool IsExhausted(EpochReport report) => options.EarlyStopping is { } early && report.Epoch - Epoch >= early.Patience;

    /// <summary>Continues from what a checkpoint held.</summary>
    public void Resume(int epoch, double value) => (Epoch, Value) = (epoch, value);
}

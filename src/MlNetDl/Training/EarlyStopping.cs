using MlNetDl.Configuration;

namespace MlNetDl.Training;

/// <summary>Ends training when the monitored metric has not improved for some epochs. It needs validation data:
/// without, all epochs are trained and the log says so.</summary>
public sealed record EarlyStopping
{
    /// <summary>Epochs to wait for an improvement, 1 or more.</summary>
    [AtLeast(1)]
    public int Patience { get; init; } = 5;

    /// <summary>The least change that counts as an improvement, 0 or more, in the unit of the monitored metric. The
    /// ML.NET trainer standardises the targets of a regression. There a <c>loss</c> of 1 is the square of the label's
    /// standard deviation for the squared error, and that deviation for the absolute error.</summary>
    [AtLeast(0)]
    public double MinDelta { get; init; }
}

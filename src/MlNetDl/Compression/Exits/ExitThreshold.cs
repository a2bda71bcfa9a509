using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Chooses the thresholds of early exits (<see cref="EarlyExit"/>) on validation rows: as many rows leave as a wanted accuracy
/// lets, or as a wanted cost needs.</summary>
/// <remarks>
/// On rows that the network has learnt from its exits are surer than elsewhere, so validation rows are needed
/// (<c>training.validationFraction</c>). Thresholds get laxer step by step, first one for all exits, then each by itself from the last exit
/// to the first. The first step that loses too much ends it: a laxer threshold that loses less again would be luck. The search is
/// over all exits at once, because a row that leaves early never reaches the exits behind. A message tells for each exit which share of the
/// rows leaves there, with which accuracy; <see cref="ExitReport"/> has more.
/// </remarks>
public sealed record ExitThreshold : Stage
{
    /// <summary>How sure an exit is of a row; <see langword="null"/>, the default, takes what the network says.</summary>
    public ExitRule? By { get; init; }

    /// <summary>The most accuracy that may be lost on the validation rows, as a share of rows: 0 to 1. 0.001, the default, is a tenth of a
    /// percentage point. Ignored where <see cref="Cost"/> is given.</summary>
    [AtLeast(0), AtMost(1)]
    public double MaxDrop { get; init; } = 0.001;

    /// <summary>Instead of an accuracy: the mean multiply–adds of a row as a share of those without exits, above 0 and at most 1, such as 0.5;
    /// <see langword="null"/>, the default, goes by the accuracy.</summary>
    [Above(0), AtMost(1)]
    public double? Cost { get; init; }

    /// <inheritdoc/>
    public override bool? Trains => false;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ExitedRows.Refuse(context, "exitThreshold");
        if (context.Validation is null)
        {
            throw new ArgumentException("exitThreshold needs validation rows, because exits are too sure of rows that they have learnt from; hold some "
                + "out (training.validationFraction, such as 0.1), or give a validation set.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The network has no exits, there are no validation rows, or the cost cannot be reached.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check(context);
        var chosen = context.Once("thresholds", () =>
        {
            var rows = ExitedRows.Of(context, "exitThreshold", By);
            var thresholds = ExitChoice.Of(rows, this);
            var report = rows.Report(thresholds);
            return new Chosen([.. report.Exits.SkipLast(1).Select(e => new ChosenExit(e.Name, e.Threshold))], Words(report));
        });
        context.Message(chosen.Message);
        var (name, network) = context.Model.Networks.Single();
        var left = ExitedRows.WithThresholds(network, By, rows => chosen.Exits.Single(e => e.Exit == rows.Exit).Threshold);
        return context.Model with { Networks = new Dictionary<string, Network> { [name] = left } };
    }

    private static string Words(ExitReport report)
    {
        var side = report.By == ExitRule.Entropy ? "entropy below" : "confidence above";
        var exits = report.Exits.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Share:0.0%} ")
            + (e.Name == Network.DefaultOutput ? "go through" : string.Create(CultureInfo.InvariantCulture, $"leave at {e.Name}"))
            + (e.Threshold is { } t ? string.Create(CultureInfo.InvariantCulture, $" ({side} {t:0.####})") : "")
            + (e.Accuracy is { } a ? string.Create(CultureInfo.InvariantCulture, $", {a:0.00%} of them right") : ""));
        var text = string.Create(CultureInfo.InvariantCulture,
            $"exitThreshold on {report.Rows:N0} validation rows: {string.Join("; ", exits)}. Accuracy {report.Accuracy:0.00%}, {report.AccuracyWithout:0.00%} "
                + $"if no row leaves; {report.Cost:0.0%} of the multiply–adds without exits");
        return report.Exits.SkipLast(1).Any(e => e.Rows > 0) ? text
            : $"warning: {text}. No row leaves, so the exits only cost; allow more loss (maxDrop), give exits more layers (channels, hidden), or place "
                + "them later";
    }

    /// <summary>What is remembered of the choice.</summary>
    internal sealed record Chosen(ValueList<ChosenExit> Exits, string Message);

    /// <summary>The threshold of an exit.</summary>
    internal sealed record ChosenExit(string Exit, double? Threshold);
}

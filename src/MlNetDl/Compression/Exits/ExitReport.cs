using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Where the rows of a data set leave a network with early exits (<see cref="EarlyExit"/>), and what that costs and saves.</summary>
public sealed record ExitReport
{
    /// <summary>How sure an exit is of a row.</summary>
    public required ExitRule By { get; init; }

    /// <summary>The exits in order of the network. The last one is the network's own output, named <c>output</c>.</summary>
    public required IReadOnlyList<ExitFigures> Exits { get; init; }

    /// <summary>How many rows the figures are of, 1 or more.</summary>
    public required long Rows { get; init; }

    /// <summary>Whether they are validation rows, from which the network has not learnt. Exits are surer of rows that they have learnt
    /// from, so on other rows fewer leave.</summary>
    public required bool IsHeldOut { get; init; }

    /// <summary>The share of rows whose class is right, 0 to 1, with the exits at work.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The share of rows whose class is right where no row leaves.</summary>
    public required double AccuracyWithout { get; init; }

    /// <summary>Multiply–adds of a row in the mean.</summary>
    public required double Macs { get; init; }

    /// <summary>Multiply–adds of a row in the network without exits.</summary>
    public required long MacsWithout { get; init; }

    /// <summary>The names of the classes, in order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Multiply–adds of a row as a share of those without exits; above 1 where too few rows leave to pay for the exits.</summary>
    public double Cost => MacsWithout == 0 ? 1 : Macs / MacsWithout;

    /// <summary>Follows the rows of a stage's data through its network: the validation rows, or the training rows where there are
    /// none.</summary>
    /// <param name="context">The model, which stays as it is, and the data.</param>
    /// <exception cref="ArgumentException">The network has no exits, or the task has no classes.</exception>
    public static ExitReport Of(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var rows = ExitedRows.Of(context, "A report of exits");
        var own = context.Model.Networks.Values.Single().Plan().Steps.Select(s => s.Leaf).OfType<HardRows>().ToDictionary(r => r.Exit, r => r.Threshold);
        return rows.Report([.. rows.Exits.Select(e => own[e.Leaf.Exit])]);
    }
}

/// <summary>An exit of an <see cref="ExitReport"/>.</summary>
/// <param name="Name">Its wire, such as <c>exit1</c>; <c>output</c> for the network's own.</param>
/// <param name="Threshold">Below it (entropy) or above it (confidence) a row leaves; <see langword="null"/> where none does, and for
/// the network's own output.</param>
/// <param name="Rows">How many rows leave here.</param>
/// <param name="Share">Those as a share of all, 0 to 1.</param>
/// <param name="Accuracy">The share of the rows that leave here whose class is right; <see langword="null"/> where none leaves.</param>
/// <param name="AccuracyOfAll">The share of all rows that would be right if all left here.</param>
/// <param name="Macs">Multiply–adds of a row that leaves here.</param>
/// <param name="RowsOfClass">How many rows of each class leave here, in the order of <see cref="ExitReport.Classes"/>.</param>
public sealed record ExitFigures(
    string Name, double? Threshold, long Rows, double Share, double? Accuracy, double AccuracyOfAll, long Macs, IReadOnlyList<long> RowsOfClass);

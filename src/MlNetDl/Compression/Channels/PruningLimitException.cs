using System.Globalization;

namespace MlNetDl.Compression;

/// <summary><see cref="FilterPruning.Amount"/> or <see cref="LowRank.Amount"/> asks for more than can go: at least one channel stays
/// in each layer, and a rank of one.</summary>
public sealed class PruningLimitException : ArgumentException
{
    internal PruningLimitException(double amount, PruningMeasure measure, double least, double whole)
        : this("filterPruning", "where as few channels stay as may", amount, measure, least, whole)
    {
    }

    internal PruningLimitException(string stage, string most, double amount, PruningMeasure measure, double least, double whole)
        : base(Words(stage, most, amount, measure, least, whole)) => (Least, Whole) = (least, whole);

    /// <summary>What is left where as few channels stay as may, or ranks are as low as may be, in the unit that the stage
    /// measures.</summary>
    public double Least { get; }

    /// <summary>What the whole network has, in the same unit.</summary>
    public double Whole { get; }

    private static string Words(string stage, string most, double amount, PruningMeasure measure, double least, double whole) => string.Create(
        CultureInfo.InvariantCulture,
        $"{stage}.amount is {amount:0.###} of the {PruningMeasures.NameOf(measure)}, but {most}, "
            + $"{least:#,0.####} of {whole:#,0.####} are left: at most {Math.Max(0, 1 - (least / whole)):0.###} can go. "
            + $"Lower the amount, or keep fewer layers.");
}

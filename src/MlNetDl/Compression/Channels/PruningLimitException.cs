using System.Globalization;

namespace MlNetDl.Compression;

/// <summary><see cref="FilterPruning.Amount"/> asks for more than can go: at least one channel stays in each layer.</summary>
public sealed class PruningLimitException : ArgumentException
{
    internal PruningLimitException(double amount, PruningMeasure measure, double least, double whole)
        : base(Words(amount, measure, least, whole)) => (Least, Whole) = (least, whole);

    /// <summary>What is left where as few channels stay as may, in the unit of <see cref="FilterPruning.Of"/>.</summary>
    public double Least { get; }

    /// <summary>What the whole network has, in the same unit.</summary>
    public double Whole { get; }

    private static string Words(double amount, PruningMeasure measure, double least, double whole) => string.Create(
        CultureInfo.InvariantCulture,
        $"filterPruning.amount is {amount:0.###} of the {PruningMeasures.NameOf(measure)}, but where as few channels stay as may, "
            + $"{least:#,0.####} of {whole:#,0.####} are left: at most {Math.Max(0, 1 - (least / whole)):0.###} can go. "
            + $"Lower the amount, or keep fewer layers.");
}

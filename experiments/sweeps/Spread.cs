using MathNet.Numerics.Statistics;

namespace MlNetDl.Sweeps;

/// <summary>Median and quartiles over seeds, linear between neighbours (R-7, the default of numpy).</summary>
internal sealed record Spread(double Median, double LowerQuartile, double UpperQuartile)
{
    public static Spread Of(IReadOnlyList<double> values) => new(At(values, 0.5), At(values, 0.25), At(values, 0.75));

    public override string ToString() => $"{Short(Median)} [{Short(LowerQuartile)} … {Short(UpperQuartile)}]";

    /// <summary>Four figures, but no more than whole numbers need.</summary>
    public static string Short(double value) => Math.Abs(value) >= 1000 ? value.ToString("F0") : value.ToString("G4");

    private static double At(IReadOnlyList<double> values, double share) => values.QuantileCustom(share, QuantileDefinition.R7);
}

using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Analysis;

/// <summary>How values of an objective lie on an axis: which of them, and whether in logarithms.</summary>
/// <remarks>
/// The axis is logarithmic where all values are positive and span more than three orders of magnitude. It shows all
/// values, unless a few bad ones would squeeze the others: of those beyond Tukey's outer fence (1977, "Exploratory data
/// analysis"), three interquartile ranges worse than the worse quartile, on the scale of the axis, it shows only as bad
/// ones as leave a third of it to all others. Good values are never left out.
/// </remarks>
internal sealed class ObjectiveRange
{
    /// <summary>Share of the axis at which it ends where values lie beyond.</summary>
    public const double EndShare = 0.09;

    // Share of the axis at which marks of what lies beyond stand; the least share of what lies within; the fence
    // in quartile ranges.
    private const double MarkShare = 0.05, LeastShare = 1.0 / 3, Fence = 3;

    private readonly ObjectiveAxis objective;
    private readonly double best, last;

    private ObjectiveRange(ObjectiveAxis objective, bool isLogarithmic, double best, double last, int beyond) =>
        (this.objective, IsLogarithmic, this.best, this.last, Beyond) = (objective, isLogarithmic, best, last, beyond);

    /// <summary>The objective.</summary>
    public ObjectiveAxis Objective => objective;

    /// <summary>Whether the axis is logarithmic.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>How many values lie beyond the axis.</summary>
    public int Beyond { get; }

    /// <summary>The worst value that the axis shows.</summary>
    public double Last => Value(last);

    /// <summary>The legend's text about values beyond the axis.</summary>
    public string Note => $"{Beyond} beyond the axis";

    /// <summary>The range of values.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="values">Its values; those that have no place on any axis are ignored.</param>
    /// <param name="kept">Values among them that are shown in any case.</param>
    public static ObjectiveRange Of(ObjectiveAxis objective, IEnumerable<double> values, IEnumerable<double>? kept = null)
    {
        var drawable = values.Where(Extremes.IsWithin).ToList();
        bool log = IsWide(drawable);
        double Scaled(double value) => objective.Cost(log ? Math.Log10(value) : value);
        double[] costs = [.. drawable.Select(Scaled).Order()];
        if (costs.Length == 0)
        {
            return new(objective, log, 0, 0, 0);
        }

        double lower = Percentile.Of(costs, 25), upper = Percentile.Of(costs, 75), fence = upper + (Fence * (upper - lower));
        double inside = (kept ?? []).Where(Extremes.IsWithin).Select(Scaled).Append(costs.Last(c => c <= fence)).Max();
        double last = inside > costs[0] ? costs.Last(c => LeastShare * (c - costs[0]) <= inside - costs[0]) : costs[^1];
        return new(objective, log, costs[0], last, costs.Count(c => c > last));
    }

    /// <summary>Whether a value is worse than all that the axis shows.</summary>
    public bool IsBeyond(double value) => Cost(value) > last;

    /// <summary>The value, or the worst that is shown.</summary>
    public double Clamp(double value) => IsBeyond(value) ? Last : value;

    /// <summary>The value, or where the mark of one that lies beyond stands.</summary>
    public double Place(double value) => IsBeyond(value) ? At(MarkShare) : value;

    private double Cost(double value) => objective.Cost(IsLogarithmic ? Math.Log10(value) : value);

    private double Value(double cost) => IsLogarithmic ? Math.Pow(10, objective.Cost(cost)) : objective.Cost(cost);

    /// <summary>The value that lies so many lengths of what is shown beyond the worst value of it; -1
    /// is the best.</summary>
    public double At(double share) => Value(last + (share * (last - best)));

    // Whether values are positive and span more than three orders of magnitude.
    private static bool IsWide(IEnumerable<double> values)
    {
        double least = double.PositiveInfinity, most = 0;
        foreach (double value in values.Where(Extremes.IsWithin))
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return least > 0 && most > 1000 * least;
    }
}

using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>How values of an objective lie on an axis: which of them, and whether in logarithms.</summary>
/// <remarks>
/// The axis is logarithmic where all values are positive and span more than three orders of magnitude. It shows all values, unless a few
/// bad ones would squeeze the others: of those beyond Tukey's outer fence (1977,
/// "Exploratory data analysis"), three interquartile ranges worse than the worse quartile, on the scale of the axis, it shows only as bad
/// ones as leave a third of it to all others. Good values are never left out.
/// </remarks>
internal sealed class ObjectiveRange
{
    // Shares of the axis: where marks of what lies beyond stand, and where the axis then ends.
    private const double MarkShare = 0.05, EndShare = 0.09, LeastShare = 1.0 / 3, Fence = 3;

    private readonly ObjectiveAxis objective;
    private readonly double best, last;

    private ObjectiveRange(ObjectiveAxis objective, bool isLogarithmic, double best, double last, int beyond) =>
        (this.objective, IsLogarithmic, this.best, this.last, Beyond) = (objective, isLogarithmic, best, last, beyond);

    /// <summary>Whether the axis is logarithmic.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>How many values lie beyond the axis.</summary>
    public int Beyond { get; }

    /// <summary>The worst value that the axis shows.</summary>
    public double Last => Value(last);

    /// <summary>What a legend says of the values beyond.</summary>
    public string Note => $"{Beyond} beyond the axis";

    /// <summary>The range of values.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="values">Its values; those that have no place on any axis are ignored.</param>
    /// <param name="kept">Values among them that are shown in any case.</param>
    public static ObjectiveRange Of(ObjectiveAxis objective, IEnumerable<double> values, IEnumerable<double>? kept = null)
    {
        var drawable = values.Where(Extremes.IsWithin).ToList();
        bool log = PlotAxes.IsWide(drawable);
        double Scaled(double value) => objective.Cost(log ? Math.Log10(value) : value);
        double[] costs = [.. drawable.Select(Scaled).Order()];
        if (costs.Length == 0)
        {
            return new(objective, log, 0, 0, 0);
        }

        double lower = StepValues.Percentile(costs, 25), upper = StepValues.Percentile(costs, 75), fence = upper + (Fence * (upper - lower));
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

    /// <summary>The axis.</summary>
    public Axis Axis(AxisPosition position)
    {
        var axis = PlotAxes.Linear(position, PlotAxes.Title(objective), IsLogarithmic);
        if (Beyond > 0)
        {
            (axis.Minimum, axis.Maximum) = objective.Goal == Goal.Minimize
                ? (At(-1 - PlotAxes.Padding), At(EndShare))
                : (At(EndShare), At(-1 - PlotAxes.Padding));
        }

        return axis;
    }

    /// <summary>Marks of what lies beyond: arrowheads at the end of the axis, and how many there are.</summary>
    /// <param name="model">The picture.</param>
    /// <param name="places">Where they stand.</param>
    public void Mark(PlotModel model, IEnumerable<ScatterPoint> places)
    {
        if (Beyond > 0)
        {
            var marks = PlotParts.Points(PlotTheme.Muted, MarkerType.Triangle, 4, Note);
            marks.Points.AddRange(places);
            model.Series.Add(marks);
            if (model.Legends.Count == 0)
            {
                model.WithLegend();
            }
        }
    }

    private double Cost(double value) => objective.Cost(IsLogarithmic ? Math.Log10(value) : value);

    private double Value(double cost) => IsLogarithmic ? Math.Pow(10, objective.Cost(cost)) : objective.Cost(cost);

    // So many lengths of what is shown beyond the worst value of it; -1 is the best.
    private double At(double share) => Value(last + (share * (last - best)));
}

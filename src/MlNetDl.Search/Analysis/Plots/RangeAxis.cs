using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>Draws the range of an objective.</summary>
internal static class RangeAxis
{
    /// <summary>The axis.</summary>
    public static Axis Axis(this ObjectiveRange range, AxisPosition position)
    {
        var axis = PlotAxes.Linear(position, PlotAxes.Title(range.Objective), range.IsLogarithmic);
        if (range.Beyond > 0)
        {
            (axis.Minimum, axis.Maximum) = range.Objective.Goal == Goal.Minimize
                ? (range.At(-1 - PlotAxes.Padding), range.At(ObjectiveRange.EndShare))
                : (range.At(ObjectiveRange.EndShare), range.At(-1 - PlotAxes.Padding));
        }

        return axis;
    }

    /// <summary>Marks of what lies beyond: arrowheads at the end of the axis, and how many there are.</summary>
    /// <param name="range">The range.</param>
    /// <param name="model">The picture.</param>
    /// <param name="places">Where they stand.</param>
    public static void Mark(this ObjectiveRange range, PlotModel model, IEnumerable<ScatterPoint> places)
    {
        if (range.Beyond > 0)
        {
            var marks = PlotParts.Points(PlotTheme.Muted, MarkerType.Triangle, 4, range.Note);
            marks.Points.AddRange(places);
            model.Series.Add(marks);
            if (model.Legends.Count == 0)
            {
                model.WithLegend();
            }
        }
    }
}

using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>Learning curves. Where nearly all trials were pruned, the few complete ones are what the picture is about:
/// they lie on top, the axis follows them, and they are the last to be left out.</summary>
internal static class IntermediatePlot
{
    // More curves would be a carpet. Some of them show what was pruned.
    private const int MostCurves = 300, LeastOthers = 100;

    public static PlotModel? Draw(IntermediateValues data)
    {
        var curves = Shown(data);
        if (curves.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model().WithLegend();
        model.Axes.Add(PlotAxes.Count(AxisPosition.Bottom, "step"));
        var range = ObjectiveRange.Of(
            data.Objective,
            curves.SelectMany(c => c.Reports.Select(r => r.Value)),
            leading: curves.Where(IsComplete).SelectMany(c => c.Reports.Select(r => r.Value)));
        model.Axes.Add(range.Axis(AxisPosition.Left));
        double width = curves.Count > 60 ? 0.8 : 1.2, ofComplete = curves.TrueForAll(IsComplete) ? width : 2 * width;
        foreach (var state in curves.GroupBy(c => c.State).OrderBy(g => g.Key == TrialState.Complete ? 1 : 0).ThenBy(g => g.Key))
        {
            bool isFirst = true;
            foreach (var curve in state)
            {
                var line = PlotParts.Line(
                    PlotTheme.Of(state.Key), IsComplete(curve) ? ofComplete : width, isFirst ? AnalysisTable.Text(state.Key) : null);
                line.Points.AddRange(curve.Reports.Select(r => new DataPoint(r.Step, Extremes.IsWithin(r.Value) ? r.Value : double.NaN)));
                model.Series.Add(line);

                // Where a trial ended early can be seen, and one report is no line.
                if (state.Key != TrialState.Complete || curve.Reports.Count == 1)
                {
                    var end = PlotParts.Points(PlotTheme.Of(state.Key), size: 2.2);
                    var last = curve.Reports.Last(r => Extremes.IsWithin(r.Value));
                    end.Points.Add(new(last.Step, last.Value));
                    model.Series.Add(end);
                }

                isFirst = false;
            }
        }

        range.Mark(
            model,
            curves.SelectMany(c => c.Reports)
                .Where(r => Extremes.IsWithin(r.Value) && range.IsBeyond(r.Value))
                .Select(r => r.Step).Distinct().Order()
                .Select(step => new ScatterPoint(step, range.At(ObjectiveRange.MarkShare))));
        return model;
    }

    private static bool IsComplete(IntermediateCurve curve) => curve.State == TrialState.Complete;

    private static List<IntermediateCurve> Shown(IntermediateValues data)
    {
        var drawable = data.Curves.Where(c => c.Reports.Any(r => Extremes.IsWithin(r.Value))).ToList();
        var others = drawable.Where(c => !IsComplete(c)).ToList();
        var complete = Every([.. drawable.Where(IsComplete)], MostCurves - Math.Min(others.Count, LeastOthers));
        return [.. complete, .. Every(others, MostCurves - complete.Count)];
    }

    // At most so many, evenly picked.
    private static List<IntermediateCurve> Every(List<IntermediateCurve> curves, int most)
    {
        int every = curves.Count <= most ? 1 : (curves.Count + most - 1) / most;
        return [.. curves.Where((_, i) => i % every == 0)];
    }
}

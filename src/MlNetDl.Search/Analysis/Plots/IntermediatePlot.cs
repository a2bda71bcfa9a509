using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class IntermediatePlot
{
    private const int MostCurves = 300;

    public static PlotModel? Draw(IntermediateValues data)
    {
        // Of many curves every n-th is drawn; more would be a carpet.
        int every = Math.Max(1, (data.Curves.Count + MostCurves - 1) / MostCurves);
        var curves = data.Curves.Where((_, i) => i % every == 0).Where(c => c.Reports.Any(r => Extremes.IsWithin(r.Value))).ToList();
        if (curves.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model().WithLegend();
        model.Axes.Add(PlotAxes.Count(AxisPosition.Bottom, "step"));
        var range = ObjectiveRange.Of(data.Objective, curves.SelectMany(c => c.Reports.Select(r => r.Value)));
        model.Axes.Add(range.Axis(AxisPosition.Left));
        double width = curves.Count > 60 ? 0.8 : 1.2;
        foreach (var state in curves.GroupBy(c => c.State).OrderBy(g => g.Key == TrialState.Complete ? 0 : 1).ThenBy(g => g.Key))
        {
            bool isFirst = true;
            foreach (var curve in state)
            {
                var line = PlotParts.Line(PlotTheme.Of(state.Key), width, isFirst ? AnalysisTable.Text(state.Key) : null);
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
                .Select(r => new ScatterPoint(r.Step, range.Place(r.Value))));
        return model;
    }
}

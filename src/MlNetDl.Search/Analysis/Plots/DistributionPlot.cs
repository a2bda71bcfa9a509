using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class DistributionPlot
{
    public static PlotModel? Draw(EmpiricalDistribution data)
    {
        var values = data.Curves.SelectMany(c => c.Steps.Select(s => s.Value)).Where(Extremes.IsWithin).ToList();
        if (values.Count == 0)
        {
            return null;
        }

        var range = ObjectiveRange.Of(data.Objective, values);
        var model = PlotParts.Model();
        model.Axes.Add(range.Axis(AxisPosition.Bottom));
        var share = PlotAxes.Linear(AxisPosition.Left, "share of trials");
        (share.Minimum, share.Maximum) = (0, 1.03);
        share.LabelFormatter = v => PlotParts.Percent(v);
        model.Axes.Add(share);
        double most = values.Max();
        for (int i = 0; i < data.Curves.Count; i++)
        {
            var curve = data.Curves[i];
            var line = PlotParts.Line(
                PlotTheme.Series[i % PlotTheme.Series.Count],
                title: data.Curves.Count > 1 ? PlotText.Short(curve.Study) : null);
            line.LineStyle = i < PlotTheme.Series.Count ? LineStyle.Solid : LineStyle.Dash;

            // The share of what lies left of the picture is where the curve starts.
            double before = curve.Steps.LastOrDefault(s => s.Value < 0 && !Extremes.IsWithin(s.Value))?.Share ?? 0;
            foreach (var step in curve.Steps.Where(s => Extremes.IsWithin(s.Value)))
            {
                line.Points.Add(new(step.Value, before));
                line.Points.Add(new(step.Value, step.Share));
                before = step.Share;
            }

            if (data.Curves.Count > 1)
            {
                line.Points.Add(new(most, before));
            }

            model.Series.Add(line);
        }

        range.Mark(
            model,
            data.Curves.SelectMany(c => c.Steps)
                .Where(s => Extremes.IsWithin(s.Value) && range.IsBeyond(s.Value))
                .Select(s => new ScatterPoint(range.Place(s.Value), s.Share)));
        return data.Curves.Count > 1 && model.Legends.Count == 0 ? model.WithLegend() : model;
    }
}

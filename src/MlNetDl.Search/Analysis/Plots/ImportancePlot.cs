using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class ImportancePlot
{
    private const int MostBars = 12, MostNames = 3, LongestName = 20;

    /// <summary>The parameters that are left out, by name where there are few.</summary>
    public static string Without(IReadOnlyList<string> parameters) => parameters.Count <= MostNames
        ? $"without {string.Join(", ", parameters.Select(p => PlotText.ShortName(p)))}"
        : $"without {parameters.Count} parameters that only some trials have";

    public static PlotModel? Draw(ParameterImportances data)
    {
        if (data.Importances.Count == 0 || data.Importances.All(i => i.Importance == 0))
        {
            return null;
        }

        var shown = data.Importances.Take(MostBars).Reverse().ToList();
        var model = PlotParts.Model();
        model.Subtitle = string.Join('\n', Lines(data));
        model.SubtitleColor = PlotTheme.Muted.Light;
        model.SubtitleFontSize = PlotTheme.FontSize - 2;
        var names = new CategoryAxis
        {
            Position = AxisPosition.Left,
            GapWidth = Math.Max(0.5, 4.0 / shown.Count),
            MinorTickSize = 0,
            TickStyle = TickStyle.None,
            AxislineStyle = LineStyle.None,
        };
        names.Labels.AddRange(shown.Select(i => PlotText.ShortName(i.Parameter, LongestName)));
        model.Axes.Add(names);
        var axis = PlotAxes.Linear(AxisPosition.Bottom, $"importance for {data.Objective.Name} ({data.Method})");
        axis.Minimum = 0;

        // Room for the figure at the end of the longest bar.
        axis.Maximum = data.Importances[0].Importance * 1.17;
        axis.LabelFormatter = v => PlotParts.Percent(v);
        model.Axes.Add(axis);

        // Bars that mean nothing do not shine.
        var color = data.RSquared <= 0 ? PlotTheme.Muted : PlotTheme.Blue;
        var bars = new BarSeries { FillColor = color.Light, StrokeThickness = 0 };
        bars.Items.AddRange(shown.Select((p, i) => new BarItem(p.Importance, i)));
        model.Series.Add(bars);
        for (int i = 0; i < shown.Count; i++)
        {
            model.Annotations.Add(PlotParts.Text(
                shown[i].Importance.ToString("0.0%", CultureInfo.InvariantCulture),
                shown[i].Importance + (axis.Maximum * 0.012),
                i,
                HorizontalAlignment.Left));
        }

        return model;
    }

    /// <summary>What the bars alone do not show, a line each.</summary>
    private static IEnumerable<string> Lines(ParameterImportances data)
    {
        if (data.Basis.Length > 0)
        {
            yield return data.Basis;
        }

        if (data.LeftOut.Count > 0)
        {
            yield return Without(data.LeftOut);
        }

        if (data.Importances.Count > MostBars)
        {
            var rest = data.Importances.Skip(MostBars).Sum(i => i.Importance).ToString("0.0%", CultureInfo.InvariantCulture);
            yield return $"the first {MostBars} of {data.Importances.Count} parameters; the others have {rest} together";
        }
    }
}

using MlNetDl.Generative;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments;

/// <summary>Plots of the codes of an autoencoder.</summary>
internal static class GenerationPlots
{
    // More bars nobody reads.
    private const int MostBars = 50, MostNumbers = 25, Bins = 40;

    // Colours for ten classes that stand out on light and on dark pages (those of Tableau), then the same with another mark.
    private static readonly OxyColor[] Colors =
    [
        .. new[] { "#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#9aa0a6" }.Select(OxyColor.Parse),
    ];

    /// <summary>The most classes that have colours.</summary>
    public const int MostClasses = 20;

    /// <summary>Whether classes are few enough for colours, and more than one.</summary>
    public static bool HasColours(IReadOnlyList<string>? classes) => classes?.Distinct().Take(MostClasses + 1).Count() is > 1 and <= MostClasses;

    /// <summary>Codes as dots, in a colour for each class, with the classes' names amid them.</summary>
    /// <param name="plane">The codes.</param>
    /// <param name="classes">The class of each; <see langword="null"/> for one colour.</param>
    /// <param name="names">What both axes are.</param>
    public static PlotModel Codes(CodePlane plane, IReadOnlyList<string>? classes, (string X, string Y) names)
    {
        var model = PlotParts.Model();
        model.PlotType = PlotType.Cartesian;
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Bottom, names.X));
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Left, names.Y));
        if (classes is null)
        {
            var dots = PlotParts.Points(PlotTheme.Blue, size: 2);
            dots.Points.AddRange(plane.Points.Select(p => new ScatterPoint(p.X, p.Y)));
            model.Series.Add(dots);
            return model;
        }

        var groups = plane.Points.Zip(classes).GroupBy(p => p.Second).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        foreach (var (index, group) in groups.Index())
        {
            var dots = PlotParts.Points(PlotTheme.Blue, index < Colors.Length ? MarkerType.Circle : MarkerType.Triangle, 2.2, PlotText.Short(group.Key));
            dots.MarkerFill = dots.MarkerStroke = Colors[index % Colors.Length];
            dots.Points.AddRange(group.Select(p => new ScatterPoint(p.First.X, p.First.Y)));
            model.Series.Add(dots);
            model.Annotations.Add(PlotParts.Text(
                PlotText.Short(group.Key), group.Average(p => p.First.X), group.Average(p => p.First.Y), bold: true));
        }

        return model.WithLegend();
    }

    /// <summary>How far from 0 the means of codes lie, and where the codes of the prior do.</summary>
    public static PlotModel Norms(IReadOnlyList<double> norms, Prior? prior, int latent)
    {
        var model = PlotParts.Model().WithLegend();
        // Beside a prior a bin is no narrower than can be seen: codes that say nothing lie at 0.
        double width = Math.Max(norms.Max() / Bins, prior is null ? 1e-6 : 0.05), most = width * Bins;
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Bottom, "distance from 0"));
        var density = PlotAxes.Linear(AxisPosition.Left, "density");
        density.Minimum = 0;
        model.Axes.Add(density);
        var bars = new RectangleBarSeries { Title = "means of test rows, ‖μ‖", FillColor = PlotTheme.Blue.Light, StrokeThickness = 0 };
        foreach (var bin in norms.GroupBy(n => Math.Min(Bins - 1, (int)(n / width))))
        {
            bars.Items.Add(new(bin.Key * width, 0, (bin.Key + 1) * width, bin.Count() / (norms.Count * width)));
        }

        model.Series.Add(bars);
        if (prior is not null && PriorRadius.Knows(prior))
        {
            var line = PlotParts.Line(PlotTheme.Vermillion, title: "codes of the prior, ‖z‖");
            line.Points.AddRange(Curve(prior, latent, most));
            model.Series.Add(line);
        }

        return model;
    }

    /// <summary>How much each value of the code says of rows, the most active first.</summary>
    public static PlotModel Activity(CodeActivity activity)
    {
        var model = PlotParts.Model().WithLegend();
        var order = activity.Order;
        bool hasNumbers = order.Count <= MostNumbers;
        var places = PlotAxes.Count(AxisPosition.Bottom, hasNumbers ? "number of the value of the code" : "values of the code, the most active first");
        if (hasNumbers)
        {
            places.MajorStep = 1;
            places.LabelFormatter = at => at >= 1 && at <= order.Count ? PlotText.Number(order[(int)Math.Round(at) - 1] + 1) : "";
        }

        model.Axes.Add(places);
        var size = PlotAxes.Linear(AxisPosition.Left, activity.Divergences is null ? "variance of the mean" : "divergence, nats a row");
        size.Minimum = 0;
        model.Axes.Add(size);
        RectangleBarSeries Bars(string title, ThemeColor color) => new() { Title = title, FillColor = color.Light, StrokeThickness = 0 };
        var (active, idle) = (Bars("active", PlotTheme.Blue), Bars("not active", PlotTheme.Muted));
        foreach (var (place, value) in order.Take(MostBars).Index())
        {
            (activity.IsActive(value) ? active : idle).Items.Add(
                new(place + 0.6, 0, place + 1.4, (activity.Divergences ?? activity.Variances)[value]));
        }

        foreach (var bars in new[] { active, idle }.Where(b => b.Items.Count > 0))
        {
            model.Series.Add(bars);
        }

        return model;
    }

    // As far as the prior has codes worth drawing.
    private static List<DataPoint> Curve(Prior prior, int latent, double most)
    {
        const int Points = 400;
        double Density(double radius) => PriorRadius.Density(prior, latent, radius);
        double end = most + Math.Sqrt(latent) + 4 + (prior is Tilted tilted ? tilted.Tau : 0);
        var curve = Enumerable.Range(1, Points).Select(i => end * i / Points).Select(r => new DataPoint(r, Density(r))).ToList();
        double little = curve.Max(p => p.Y) * 1e-3;
        return [.. curve.Where(p => p.Y >= little)];
    }
}

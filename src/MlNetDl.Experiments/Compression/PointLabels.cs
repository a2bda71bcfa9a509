using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Experiments;

/// <summary>The name of a point, and where it stands beside it.</summary>
/// <param name="Point">The number of the point.</param>
/// <param name="Text">The name, shortened where it is long.</param>
/// <param name="Right">Pixels to the right of the point.</param>
/// <param name="Down">Pixels below it.</param>
/// <param name="Alignment">Which end of the text stands there.</param>
internal sealed record PointLabel(int Point, string Text, double Right, double Down, HorizontalAlignment Alignment);

/// <summary>Places the names of points so that they cover neither each other nor points, as far as there is room.</summary>
internal static class PointLabels
{
    private const int LongestName = 22;
    private const double Width = 430, Height = 265, Text = 13, Marker = 6, Line = 2;

    // Above, where the line of the front does not run; beside, below, and further away.
    private static readonly (double Right, double Down, HorizontalAlignment Alignment)[] Places =
    [
        (0, -13, HorizontalAlignment.Center), (8, 0, HorizontalAlignment.Left), (-8, 0, HorizontalAlignment.Right), (0, 13, HorizontalAlignment.Center),
        (8, -12, HorizontalAlignment.Left), (8, 12, HorizontalAlignment.Left), (-8, -12, HorizontalAlignment.Right), (-8, 12, HorizontalAlignment.Right),
        (10, -26, HorizontalAlignment.Left), (10, 26, HorizontalAlignment.Left), (-10, -26, HorizontalAlignment.Right),
        (-10, 26, HorizontalAlignment.Right), (0, -40, HorizontalAlignment.Center), (0, 40, HorizontalAlignment.Center),
    ];

    /// <summary>The labels, in the order of the points.</summary>
    /// <param name="points">The names, with the places of the points in the plot's area: 0 to 1 from the left and from the
    /// top.</param>
    /// <param name="line">A line of level and upright pieces that the labels keep clear of where they can, from place to place.</param>
    public static IReadOnlyList<PointLabel> Of(
        IReadOnlyList<(string Name, double X, double Y)> points, IReadOnlyList<(double X, double Y)> line)
    {
        var markers = points.Select(p => new OxyRect((p.X * Width) - Marker, (p.Y * Height) - Marker, 2 * Marker, 2 * Marker)).ToList();
        var taken = line.Zip(line.Skip(1), Piece).ToList();
        var labels = new List<PointLabel>();
        foreach (var (index, point) in points.Index())
        {
            var text = PlotText.ShortName(point.Name, LongestName);
            double width = new TextMeasurer().MeasureText(text, "", Text, FontWeights.Normal).Width;
            OxyRect Box((double Right, double Down, HorizontalAlignment Alignment) place) => new(
                (point.X * Width) + place.Right - (place.Alignment == HorizontalAlignment.Left ? 0
                    : place.Alignment == HorizontalAlignment.Right ? width : width / 2),
                (point.Y * Height) + place.Down - (Text / 2),
                width,
                Text);
            var best = Places.MinBy(p =>
                markers.Concat(taken).Sum(t => Overlap(t, Box(p))) + Outside(Box(p)));
            taken.Add(Box(best));
            labels.Add(new(index, text, best.Right, best.Down, best.Alignment));
        }

        return labels;
    }

    private static OxyRect Piece((double X, double Y) from, (double X, double Y) to) => new(
        Math.Min(from.X, to.X) * Width,
        Math.Min(from.Y, to.Y) * Height,
        Math.Max(Line, Math.Abs(to.X - from.X) * Width),
        Math.Max(Line, Math.Abs(to.Y - from.Y) * Height));

    private static double Overlap(OxyRect a, OxyRect b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));

    // Text beyond the plot's edge is cut off.
    private static double Outside(OxyRect box) =>
        10 * Text * (Math.Max(0, -box.Left) + Math.Max(0, box.Right - Width) + Math.Max(0, -box.Top) + Math.Max(0, box.Bottom - Height));
}

using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Analysis;

/// <summary>The landscape over two parameters: trials, and a smooth surface through them on a grid.</summary>
/// <remarks>
/// The surface is a local linear regression (Cleveland 1979; Fan and Gijbels 1996, chapter 2) of the finite values on
/// both parameters in units of their ranges, logarithms where they are logarithmic: at each grid point a plane is
/// fitted by least squares with weights exp(−d²/2h²), d the distance and h = 0.2 n^(−1/6) (the rate of Scott's rule
/// in two dimensions). Planes are reproduced exactly; with more than two parameters the surface is the mean over the
/// others. Options of a choice have no distance: a grid point on one uses its trials only. Grid points more than 2.5
/// h from every trial stay empty, and none leaves the range of the trials' values. A few values that are far worse
/// than all others (those that the axes of plots leave out: beyond three interquartile ranges, and so far that all
/// others would have less than a third of the axis) count as the worst of the others: a single one would tilt all
/// planes around it.
/// </remarks>
/// <param name="X">The first parameter.</param>
/// <param name="Y">The second parameter.</param>
/// <param name="Objective">The objective.</param>
/// <param name="Points">The complete trials that have both parameters, in order of number; those with NaN are left out.
/// Ranks come with them.</param>
/// <param name="GridX">The grid's numbers of the first parameter, rising.</param>
/// <param name="GridY">The grid's numbers of the second parameter, rising.</param>
/// <param name="Surface">The surface, <c>[x][y]</c>; <see langword="null"/> where there is none.</param>
public sealed record Contour(
    ParameterAxis X,
    ParameterAxis Y,
    ObjectiveAxis Objective,
    IReadOnlyList<RankPoint> Points,
    IReadOnlyList<double> GridX,
    IReadOnlyList<double> GridY,
    IReadOnlyList<IReadOnlyList<double?>> Surface) : AnalysisData
{
    /// <summary>The landscape over two parameters.</summary>
    /// <param name="history">The study.</param>
    /// <param name="x">The first parameter.</param>
    /// <param name="y">The second parameter.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <param name="resolution">How many grid points an axis has; 2 or more. 40 by default: finer than trials can tell.
    /// A choice has one for each option.</param>
    /// <exception cref="ArgumentException">The study has no such parameter or objective, or the two
    /// parameters are one.</exception>
    public static Contour Of(History history, string x, string y, int objective = 0, int resolution = 40)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        var ranks = Ranks.Of(history, x, y, objective);
        double[] gridX = Grid(ranks.X, resolution), gridY = Grid(ranks.Y, resolution);
        var range = ObjectiveRange.Of(ranks.Objective, ranks.Points.Select(p => p.Value));
        var surface = new LocalRegression(
            ranks.X.Distribution,
            ranks.Y.Distribution,
            [.. ranks.Points.Select(p => double.IsFinite(p.Value) ? p with { Value = range.Clamp(p.Value) } : p)]);
        return new(ranks.X, ranks.Y, ranks.Objective, ranks.Points, gridX, gridY, [.. gridX.Select(
            a => (IReadOnlyList<double?>)[.. gridY.Select(b => surface.At(a, b))])]);
    }

    /// <summary>Trials (with a number) and grid points (without) as rows.</summary>
    public override AnalysisTable ToTable() => new("contour", ["number", X.Column, Y.Column, Objective.Name],
        [
            .. Points.Select(p => new object?[] { p.Number, X.Cell(p.X), Y.Cell(p.Y), p.Value }),
            .. GridX.SelectMany((a, i) => GridY.Select((b, j) => new object?[]
            {
                null,
                X.Distribution is Choice ? X.Cell(a) : a,
                Y.Distribution is Choice ? Y.Cell(b) : b,
                Surface[i][j],
            })),
        ])
    { Facts = [.. Objective.Facts] };

    private static double[] Grid(ParameterAxis axis, int resolution)
    {
        var (from, to) = axis.Range;
        return axis.Distribution is Choice choice ? [.. Enumerable.Range(0, choice.Count).Select(i => (double)i)]
            : axis.Distribution.IsSingle ? [from]
            : [.. Enumerable.Range(0, resolution).Select(i => i == 0 ? from
                : i == resolution - 1 ? to
                : Between(from, to, i / (resolution - 1.0), axis.IsLogarithmic))];
    }

    private static double Between(double from, double to, double share, bool log) =>
        log ? Math.Exp(((1 - share) * Math.Log(from)) + (share * Math.Log(to))) : ((1 - share) * from) + (share * to);
}

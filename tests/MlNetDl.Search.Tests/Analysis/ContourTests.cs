using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class ContourTests
{
    [Fact]
    public void Planes_are_reproduced_also_over_logarithms()
    {
        static double Plane(double x, double y) => 1e6 + (2 * Math.Log10(x)) - (3 * y);
        var contour = Contour.Of(
            Made.Function(60, [new LogUniform(1e-4, 1), new Uniform(-5, 10)], x => Plane(x[0], x[1])),
            "x0",
            "x1",
            resolution: 12);
        double least = contour.Points.Min(p => p.Value), most = contour.Points.Max(p => p.Value);
        int compared = 0;
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                if (contour.Surface[i][j] is { } value)
                {
                    Assert.Equal(Math.Clamp(Plane(contour.GridX[i], contour.GridY[j]), least, most), value, 1e-5);
                    compared++;
                }
            }
        }

        Assert.True(compared > 100, $"{compared} of 144 grid points have a value.");
        Assert.Equal((1e-4, 1, -5, 10), (contour.GridX[0], contour.GridX[^1], contour.GridY[0], contour.GridY[^1]));
    }

    [Fact]
    public void Options_do_not_mix_and_far_from_trials_there_is_nothing()
    {
        Distribution choice = Choice.Of("a", "b", "c"), unit = new Uniform(0, 1);
        var history = History.Of([
            Made.Trial(0, 1, ("c", choice, 0), ("x", unit, 0)),
            Made.Trial(1, 5, ("c", choice, 1), ("x", unit, 0.05)),
            Made.Trial(2, double.PositiveInfinity, ("c", choice, 2), ("x", unit, 0)),
        ]);
        var contour = Contour.Of(history, "c", "x", resolution: 11);
        Assert.Equal([0.0, 1, 2], contour.GridX);
        Assert.Equal([1.0, 5.0, null], contour.Surface.Select(column => column[0]));
        Assert.All(contour.Surface, column => Assert.Null(column[^1]));
    }

    [Fact]
    public void Trials_and_grid_are_rows()
    {
        var lines =
            Contour.Of(Made.Function(5, [new Uniform(0, 1), new Integer(0, 3)], x => x[0]), "x0", "x1", resolution: 3)
                .ToCsv()
                .Split('\n');
        Assert.Equal("number,param.x0,param.x1,value", lines[0]);
        Assert.Equal(5 + 9, lines.Length - 2);
        Assert.StartsWith(",0,0,", lines[6], StringComparison.Ordinal);
    }
}

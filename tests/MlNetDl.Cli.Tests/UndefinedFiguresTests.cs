using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests;

/// <summary>Why a figure is left out.</summary>
public sealed class UndefinedFiguresTests
{
    [Theory]
    [InlineData("r2 is left out: all 3 rows have the same value of output 2.", 2, "1, 5, 2, 5, 3, 5")]
    [InlineData("r2 is left out: all 3 rows have the same value of outputs 1, 3.", 3, "1, 1, 5, 1, 2, 5, 1, 3, 5")]
    [InlineData("r2 is left out: all 3 rows have the same values.", 2, "1, 5, 1, 5, 1, 5")]
    [InlineData("r2 is left out: all 3 rows have the same value.", 1, "4, 4, 4")]
    [InlineData("r2 is left out: one row alone has no spread.", 2, "4, 5")]
    [InlineData(null, 2, "1, 5, 2, 6, 3, 7")]
    public void Rows_are_counted_by_their_width_and_constant_outputs_are_named(string? expected, int width, string truth)
    {
        float[] targets = [.. truth.Split(", ").Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
        var task = new Regression();
        var scores = new float[targets.Length];
        var figures = ScoreMetrics.Of(task, scores, targets, width).Where(f => f.Key == "r2").ToDictionary();
        Assert.Equal(expected, UndefinedFigures.Text(task, figures, scores, targets, width, hasTruth: true));
    }
}

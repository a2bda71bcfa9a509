using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;
using OxyPlot.Axes;

namespace MlNetDl.Search.Tests.Analysis;

/// <summary>Which values an axis shows.</summary>
public sealed class ObjectiveRangeTests
{
    private static readonly ObjectiveAxis Down = new("value", Goal.Minimize), Up = new("value", Goal.Maximize);

    // Quartiles -2.5 and 2.5: the fence is at 17.5.
    private static IEnumerable<double> Plain => Enumerable.Range(-5, 11).Select(i => (double)i);

    [Fact]
    public void A_few_far_worse_values_are_left_out_and_counted()
    {
        var range = ObjectiveRange.Of(Down, [.. Plain, 2500]);
        Assert.Equal((false, 1, 5.0, "1 beyond the axis"), (range.IsLogarithmic, range.Beyond, range.Last, range.Note));
        Assert.True(range.IsBeyond(2500));
        Assert.False(range.IsBeyond(5));
        Assert.Equal((5, -4), (range.Clamp(2500), range.Clamp(-4)));
        var axis = range.Axis(AxisPosition.Left);
        Assert.InRange(range.Place(2500), 5.1, axis.Maximum);
        Assert.InRange(axis.Maximum, 5.1, 7);
        Assert.InRange(axis.Minimum, -6, -5.1);
    }

    [Fact]
    public void Where_larger_is_better_the_worse_lie_below()
    {
        var range = ObjectiveRange.Of(Up, [.. Plain, -2500]);
        Assert.Equal((1, -5.0, "1 beyond the axis"), (range.Beyond, range.Last, range.Note));
        Assert.False(range.IsBeyond(2500));
        var axis = range.Axis(AxisPosition.Left);
        Assert.InRange(range.Place(-2500), axis.Minimum, -5.1);
        Assert.InRange(axis.Maximum, 5.1, 6);
    }

    [Theory]
    [InlineData(17)] // Within the fence.
    [InlineData(24)] // Beyond it, but all others have more than a third of the axis.
    [InlineData(-2500)] // Good.
    [InlineData(double.PositiveInfinity)] // On no axis.
    [InlineData(double.NaN)]
    public void All_other_values_are_shown(double value)
    {
        var range = ObjectiveRange.Of(Down, [.. Plain, value]);
        Assert.Equal(0, range.Beyond);
        Assert.True(double.IsNaN(range.Axis(AxisPosition.Left).Maximum));
    }

    [Fact]
    public void Only_as_many_are_left_out_as_needed()
    {
        var range = ObjectiveRange.Of(Down, [.. Plain, 24, 2500, 2501]);
        Assert.Equal((2, 24.0), (range.Beyond, range.Last));
    }

    [Fact]
    public void What_is_to_be_shown_is()
    {
        Assert.Equal(0, ObjectiveRange.Of(Down, [.. Plain, 2500], kept: [2500]).Beyond);
        Assert.Equal(0, ObjectiveRange.Of(Down, [.. Plain.Select(_ => 3.0), 2500]).Beyond);
        Assert.Equal(0, ObjectiveRange.Of(Down, []).Beyond);
        Assert.Equal(0, ObjectiveRange.Of(Down, [1, 2]).Beyond);
    }

    [Fact]
    public void On_a_logarithmic_axis_magnitudes_count()
    {
        double[] values = [.. Enumerable.Range(0, 11).Select(i => Math.Pow(10, i / 2.0))];
        Assert.Equal((true, 0), ObjectiveRange.Of(Down, [.. values, 1e9]) is var near ? (near.IsLogarithmic, near.Beyond) : default);
        var far = ObjectiveRange.Of(Down, [.. values, 1e60]);
        Assert.Equal((true, 1), (far.IsLogarithmic, far.Beyond));
        Assert.Equal(1e5, far.Last, 1e-4);
        Assert.InRange(far.Place(1e60), 1.1e5, far.Axis(AxisPosition.Left).Maximum);
    }

    [Fact]
    public void Pictures_say_what_they_leave_out()
    {
        var unit = new Uniform(0, 1);
        var history = History.Of([.. Enumerable.Range(0, 40).Select(i => Made.Trial(
            i,
            i == 7 ? 2500 : Math.Cos(i),
            ("a", unit, i / 40.0),
            ("b", unit, i * 7 % 40 / 40.0)) with { Reports = [new(0, i == 7 ? 2500 : Math.Sin(i))] })]);
        foreach (AnalysisData data in new AnalysisData[]
        {
            OptimizationHistory.Of(history),
            Slice.Of(history, "a"),
            EmpiricalDistribution.Of(history),
            IntermediateValues.Of(history),
        })
        {
            Assert.Contains("1 beyond the axis", data.ToSvg(), StringComparison.Ordinal);
            Assert.DoesNotContain("2500", data.ToSvg(), StringComparison.Ordinal);
        }

        Assert.Contains("≥ 1", ParallelCoordinates.Of(history).ToSvg(), StringComparison.Ordinal);
        Assert.Contains("2500", OptimizationHistory.Of(history).ToCsv(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "beyond the axis",
            OptimizationHistory.Of(History.Of([.. history.Trials.Take(7)])).ToSvg(),
            StringComparison.Ordinal);

        // One outlier tilts no planes: the surface stays among the other values.
        Assert.All(Contour.Of(history, "a", "b").Surface.SelectMany(s => s).OfType<double>(), v => Assert.InRange(v, -1, 1));
        var both = History.Of([.. history.Trials.Select(t => t with { Values = [t.Value, -t.Value] })], [Goal.Minimize, Goal.Minimize]);
        Assert.DoesNotContain("beyond an axis", ParetoFront.Of(both).ToSvg(), StringComparison.Ordinal);
        both = History.Of([.. history.Trials.Select(t => t with { Values = [t.Value, t.Value] })], [Goal.Minimize, Goal.Minimize]);
        Assert.Contains("1 beyond an axis", ParetoFront.Of(both).ToSvg(), StringComparison.Ordinal);
    }
}

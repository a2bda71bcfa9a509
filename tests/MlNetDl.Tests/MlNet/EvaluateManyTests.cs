using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tests.MlNet;

/// <summary>Figures of several predicted values: each those of ML.NET's evaluation of that value alone.</summary>
public sealed class EvaluateManyTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Each_value_has_the_figures_that_ML_NET_gives_it_alone()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 50).Select(i => new Row
        {
            A = 10 + random.NextSingle(),
            B = random.NextSingle() * 100,
            Score = [10.5f + (random.NextSingle() / 10), random.NextSingle() * 100],
        }).ToList();
        rows.ForEach(r => (r.ScoreA, r.ScoreB) = (r.Score[0], r.Score[1]));
        var data = ml.Transforms.Concatenate("Label", "A", "B").Fit(ml.Data.LoadFromEnumerable(rows)).Transform(ml.Data.LoadFromEnumerable(rows));
        var figures = ml.Regression.EvaluateMany(data);
        Assert.Equal(["A", "B"], figures.Outputs.Select(o => o.Name));
        foreach (var (own, name) in figures.Outputs.Zip((string[])["A", "B"]))
        {
            var alone = ml.Regression.Evaluate(data, name, $"Score{name}");
            Assert.Equal(50, own.Rows);
            Assert.Equal(alone.MeanAbsoluteError, own.MeanAbsoluteError, 1e-9);
            Assert.Equal(alone.RootMeanSquaredError, own.RootMeanSquaredError, 1e-9);
            Assert.Equal(alone.RSquared, own.RSquared, 1e-6);
        }

        Assert.Equal(figures.Outputs.Average(o => o.RSquared), figures.RSquared);
        Assert.Equal(Math.Sqrt(figures.Outputs.Average(o => o.MeanSquaredError)), figures.RootMeanSquaredError);
        // A variance that does not cancel where labels are large.
        rows.ForEach(r => (r.Label, r.Score) = ([r.A + 1e5f, 0], [r.A + 1e5f, 1]));
        Assert.Equal(1, ml.Regression.EvaluateMany(ml.Data.LoadFromEnumerable(rows)).Outputs[0].RSquared);
        Assert.Equal("0", Assert.Single(ml.Regression.EvaluateMany(data, "B", "ScoreB").Outputs).Name);
    }

    [Fact]
    public void Missing_labels_are_left_out_and_counted_and_missing_scores_are_not()
    {
        var data = ml.Data.LoadFromEnumerable<Row>([new() { Label = [1, float.NaN], Score = [1, 5] }, new() { Label = [3, 2], Score = [3, float.NaN] }]);
        var figures = ml.Regression.EvaluateMany(data);
        Assert.Equal([2, 1], figures.Outputs.Select(o => o.Rows));
        Assert.Equal((1, double.NaN), (figures.Outputs[0].RSquared, figures.Outputs[1].MeanAbsoluteError));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        var data = ml.Data.LoadFromEnumerable<Row>([new() { Label = [float.NaN, 1], Score = [1, 5] }]);
        Assert.Contains("'0'", Assert.Throws<InvalidOperationException>(() => ml.Regression.EvaluateMany(data)).Message, StringComparison.Ordinal);
        Assert.Contains("has 1 values", Assert.Throws<ArgumentException>(() => ml.Regression.EvaluateMany(data, "A")).Message, StringComparison.Ordinal);
        Assert.Contains("Text", Assert.Throws<ArgumentException>(() => ml.Regression.EvaluateMany(data, "Text")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Absent", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Regression.EvaluateMany(data, "Absent")).Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public float ScoreA { get; set; }

        public float ScoreB { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Label { get; set; } = [0, 0];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }
}

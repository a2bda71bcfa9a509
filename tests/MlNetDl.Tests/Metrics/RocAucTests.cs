using CsCheck;
using Microsoft.ML;
using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

public sealed class RocAucTests
{
    [Theory]
    [InlineData("0.1 0.2 0.8 0.9", "0011", 1)] // perfect
    [InlineData("0.9 0.8 0.2 0.1", "0011", 0)] // inverted
    [InlineData("0.5 0.5 0.5 0.5", "0011", 0.5)] // all equal: every pair counts half
    [InlineData("0.5 0.5 0.5 0.5 0.5", "00001", 0.5)]
    [InlineData("1 2 3 4", "0101", 0.75)] // pairs: 2>1, 4>1, 4>3, but 2<3
    [InlineData("1 2 2 3", "0101", 0.875)] // 2>1, 3>1, 3>2, and a tie
    [InlineData("-Infinity 0 Infinity Infinity", "0011", 1)]
    [InlineData("-0 0", "01", 0.5)] // the two zeros are equal
    public void Small_sets_have_closed_forms(string scores, string truths, double expected) =>
        Assert.Equal(expected, Area(Floats(scores), Truths(truths)), 12);

    [Theory]
    [InlineData("1 2 3", "000")]
    [InlineData("1 2 3", "111")]
    [InlineData("", "")]
    [InlineData("1 NaN 3", "010")]
    public void One_class_no_rows_or_a_NaN_has_no_area(string scores, string truths) =>
        Assert.Equal(double.NaN, Area(Floats(scores), Truths(truths)));

    [Fact]
    public void It_equals_the_count_over_all_pairs_whatever_order_and_batches()
    {
        Gen.Select(Gen.Int[-3, 3], Gen.Bool).Array[2, 60].Sample(rows =>
        {
            float[] scores = [.. rows.Select(r => (float)r.Item1)], truths = [.. rows.Select(r => r.Item2 ? 1f : 0f)];
            var pairs = rows.Where(r => r.Item2)
                .SelectMany(y => rows.Where(r => !r.Item2)
                    .Select(n => y.Item1 > n.Item1 ? 1.0 : y.Item1 == n.Item1 ? 0.5 : 0))
                .ToList();
            double expected = pairs.Count == 0 ? double.NaN : pairs.Average();
            var batched = new RocAuc().Start(ScoreForm.Logit, 1);
            batched.Add(new(ScoreForm.Logit, 1, scores.AsSpan(0, 1), truths.AsSpan(0, 1)));
            batched.Add(new(ScoreForm.Logit, 1, scores.AsSpan(1), truths.AsSpan(1)));
            Assert.Equal(expected, batched.Value, 10);
            Assert.Equal(expected, Area([.. scores.Reverse()], [.. truths.Reverse()]), 10);

            // What holds of any area: negated scores give the rest; a growing function changes nothing.
            Assert.Equal(1 - expected, Area([.. scores.Select(s => -s)], truths), 10);
            Assert.Equal(expected, Area([.. scores.Select(MathF.Exp)], truths), 10);
        }, iter: 300, seed: "0001g0WsbLH4", threads: 1);
    }

    [Theory]
    [InlineData(0)] // coarse scores: many ties
    [InlineData(6)]
    public void It_is_ML_NETs(int digits)
    {
        var ml = new MLContext(seed: 1);
        foreach (int seed in Enumerable.Range(1, 8))
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 50 * seed)
                .Select(_ => new Row
                {
                    Label = random.Next(4) == 0,
                    Score = (float)Math.Round((random.NextDouble() * 6) - 3, digits),
                })
                .ToList();
            rows[0].Label = !rows[1].Label;
            double expected = ml.BinaryClassification.EvaluateNonCalibrated(ml.Data.LoadFromEnumerable(rows)).AreaUnderRocCurve;
            Assert.Equal(expected, Area([.. rows.Select(r => r.Score)], [.. rows.Select(r => r.Label ? 1f : 0)]), 9);
        }
    }

    private static double Area(float[] scores, float[] truths) => new RocAuc().Of(new(ScoreForm.Logit, 1, scores, truths));

    private static float[] Floats(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(t => float.Parse(t, System.Globalization.CultureInfo.InvariantCulture))];

    private static float[] Truths(string text) => [.. text.Select(c => c == '1' ? 1f : 0)];

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel => Score > 0;
    }
}

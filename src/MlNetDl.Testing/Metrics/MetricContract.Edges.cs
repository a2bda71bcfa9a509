using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>States, the best value, and what is broken.</content>
public static partial class MetricContract
{
    private static void RunsResume(IReadOnlyList<MetricSample> samples)
    {
        foreach (var sample in samples)
        {
            var (metric, rows) = (sample.Metric, sample.Random(30, 1));
            var whole = metric.Start(sample.Form, rows.Width);
            whole.Add(rows.Take(Enumerable.Range(0, 13)).Rows);
            if (metric.NeedsAllRows)
            {
                Expect.Throws<NotSupportedException>(() => _ = whole.State, "the state of a metric that needs all rows");
                Expect.Throws<NotSupportedException>(() => whole.State = [], "to set the state of a metric that needs all rows");
                continue;
            }

            var (state, half) = (whole.State, whole.Value);
            double[] kept = [.. state];
            whole.Add(rows.Take(Enumerable.Range(13, 17)).Rows);
            Expect.Sequence(kept, state, "a state that was read before more rows came");
            var resumed = metric.Start(sample.Form, rows.Width);
            resumed.State = state;
            Expect.Equal(half, resumed.Value, "the value of the restored state");
            resumed.Add(rows.Take(Enumerable.Range(13, 17)).Rows);
            Expect.Equal(whole.Value, resumed.Value, "the value after going on from a state");
            Expect.Sequence(whole.State, resumed.State, "the state after going on from one");
            Expect.Sequence(kept, state, "a state that was set, after going on from it");
            Expect.Throws<ArgumentException>(() => resumed.State = [.. state, 0], "to set a state of another length");
        }
    }

    private static void PerfectIsBest(IReadOnlyList<MetricSample> samples)
    {
        foreach (var sample in samples)
        {
            double best = sample.Metric.Of(sample.Perfect.Rows), random = sample.Metric.Of(sample.Random(40, 2).Rows);
            Expect.Close(sample.Best, best, 1e-12, $"the value of perfect {sample.Form}");
            Expect.True(
                sample.IsNoBetter(random, best) && random != best,
                FormattableString.Invariant(
                    $"random {sample.Form} give {random}, perfect ones {best}: the goal {sample.Metric.Goal} says otherwise."));
        }
    }

    private static void NaNNeverLooksGood(IReadOnlyList<MetricSample> samples)
    {
        foreach (var sample in samples)
        {
            for (int place = 0; place < sample.Perfect.Scores.Length; place++)
            {
                float[] scores = [.. sample.Perfect.Scores];
                scores[place] = float.NaN;
                double value = sample.Metric.Of((sample.Perfect with { Scores = scores }).Rows);
                double limit = sample.Best + (sample.Metric.Goal == Goal.Maximize ? -0.01 : 0.01);
                Expect.True(
                    sample.IsNoBetter(value, limit),
                    FormattableString.Invariant(
                        $"{value} looks good for perfect {sample.Form} with a NaN at {place}. Count the row as wrong, or give NaN."));
            }
        }
    }

    private static void WeightlessRowsChangeNothing(IReadOnlyList<MetricSample> samples)
    {
        foreach (var sample in samples)
        {
            var rows = sample.Random(20, 3);
            float[] weights = [.. Enumerable.Repeat(1f, 19), 0], scores = [.. rows.Scores];
            Array.Fill(scores, float.NaN, 19 * rows.Width, rows.Width);
            double without = sample.Metric.Of(rows.Take(Enumerable.Range(0, 19)).Rows);
            Expect.Equal(
                without,
                sample.Metric.Of((rows with { Scores = scores, Weights = weights }).Rows),
                "the value with a row of weight 0");
            Expect.Equal(double.NaN, sample.Metric.Start(sample.Form, rows.Width).Value, "the value without rows");
            Expect.Equal(double.NaN, sample.Metric.Of((rows with { Weights = new float[20] }).Rows), "the value of rows that all weigh 0");
        }
    }

    private static void Unknown(IReadOnlyList<MetricSample> samples, bool strictly)
    {
        foreach (var sample in samples.Where(s => s.Form is ScoreForm.Probabilities or ScoreForm.Logit))
        {
            float[] targets = [.. sample.Perfect.Targets];
            targets[^1] = ScoredRows.UnknownClass;
            double value = sample.Metric.Of((sample.Perfect with { Targets = targets }).Rows);
            Expect.True(
                sample.IsNoBetter(value, sample.Best) && !(strictly && value == sample.Best),
                FormattableString.Invariant($"{value} for {sample.Form} that are perfect but for a class that the model does not know."));
        }
    }
}

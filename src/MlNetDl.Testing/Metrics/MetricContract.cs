using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>The contract of every metric, on every form of scores that it takes: parts add up to the whole, weights are
/// rows, and what is broken never looks good.</summary>
/// <example><code>
/// MetricContract.Of(new SpearmanCorrelation()).RunAll();
/// </code></example>
public static partial class MetricContract
{
    /// <summary>The name of the statement about classes that the model does not know. Metrics that look only at known
    /// ones (recall) leave it out.</summary>
    public const string UnknownClasses = "A class that the model does not know makes it worse";

    private static readonly FactList<IReadOnlyList<MetricSample>> List = new()
    {
        { "It takes some scores", s => Expect.True(s.Count > 0, "Takes refuses every form of scores.") },
        { "Scores that it does not take are refused", OtherScoresAreRefused },
        { "Its name is its own", NameIsItsOwn },
        { "Neither the order of the rows nor how they are split changes the value", OrderAndPartsDoNotMatter },
        { "A run goes on from its state as if it had never stopped", RunsResume },
        { "Weight k is k such rows", WeightsAreRows },
        { "Predictions that equal the truth give the best value", PerfectIsBest },
        { "A NaN among the scores of a row never looks good", NaNNeverLooksGood },
        { "A row of weight 0 changes nothing, and without rows there is no value", WeightlessRowsChangeNothing },
        { "A class that the model does not know never makes it better", s => Unknown(s, strictly: false) },
        { UnknownClasses, s => Unknown(s, strictly: true) },
        {
            "Settings that are not a number, or far below 0, are refused",
            s => Settings.MustBeRefused(s[0].Metric, wholeNumber: int.MinValue)
        },
    };

    /// <summary>The facts of a metric, on random rows of every form of scores that it takes.</summary>
    /// <param name="metric">The metric.</param>
    public static IReadOnlyList<ContractFact> Of(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Of(metric, [.. Enum.GetValues<ScoreForm>().Where(metric.Takes).Select(form => MetricSample.Of(metric, form))]);
    }

    /// <summary>The facts of a metric that needs rows of its own.</summary>
    /// <param name="sample">The metric with such rows.</param>
    public static IReadOnlyList<ContractFact> Of(MetricSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Of(sample.Metric, [sample]);
    }

    private static IReadOnlyList<ContractFact> Of(Metric metric, IReadOnlyList<MetricSample> samples) =>
        [.. ComponentContract.Of(metric), .. List.Of(ComponentContract.NameOf(metric), samples)];

    private static void OtherScoresAreRefused(IReadOnlyList<MetricSample> samples)
    {
        foreach (var form in Enum.GetValues<ScoreForm>().Where(f => !samples[0].Metric.Takes(f)))
        {
            Expect.Throws<ArgumentException>(() => samples[0].Metric.Start(form, 1), $"to start it on {form}");
        }
    }

    // Reports, monitors and catalogs know a metric by it.
    private static void NameIsItsOwn(IReadOnlyList<MetricSample> samples)
    {
        var metric = samples[0].Metric;
        Expect.True(
            metric.FigureName.Length > 0
                && char.IsLower(metric.FigureName[0])
                && metric.FigureName.All(c => char.IsLetterOrDigit(c) || c == '_'),
            $"'{metric.FigureName}' is no name in camelCase.");
        Expect.Equal(new Figure(metric.FigureName, metric.Goal), metric.Figure, "its figure");
        foreach (var entry in Catalogs.Metrics.Entries.Where(e => e.Type != metric.GetType()))
        {
            Expect.True(
                !entry.Name.Equals(metric.FigureName, StringComparison.OrdinalIgnoreCase),
                $"'{entry.Name}' is {entry.Type.Name} in the catalog.");
        }
    }

    private static void OrderAndPartsDoNotMatter(IReadOnlyList<MetricSample> samples) => Each(samples, (sample, seed) =>
    {
        var rows = sample.Random(40, seed) with { Weights = [.. Enumerable.Range(0, 40).Select(i => (i % 7) / 3f)] };
        double expected = sample.Metric.Of(rows.Rows);
        Expect.True(!double.IsNaN(expected), $"the value of 40 random rows of {sample.Form} is NaN.");
        int[] order = [.. Enumerable.Range(0, 40)];
        new Random(seed).Shuffle(order);
        var run = sample.Metric.Start(sample.Form, rows.Width);
        foreach (var part in (int[][])[order[..1], [], order[1..17], order[17..]])
        {
            run.Add(rows.Take(part).Rows);
        }

        Close(expected, run.Value, $"the value of {sample.Form} in parts and another order");
    });

    private static void WeightsAreRows(IReadOnlyList<MetricSample> samples) => Each(samples, (sample, seed) =>
    {
        var rows = sample.Random(30, seed);
        int[] times = [.. Enumerable.Range(0, 30).Select(i => (i + seed) % 4)];
        var repeated = rows.Take(times.SelectMany((k, row) => Enumerable.Repeat(row, k)));
        var weighted = rows with { Weights = [.. times.Select(k => (float)k)] };
        Close(
            sample.Metric.Of(repeated.Rows),
            sample.Metric.Of(weighted.Rows),
            $"the value of {sample.Form} by weights instead of repeated rows");
    });

    private static void Each(IReadOnlyList<MetricSample> samples, Action<MetricSample, int> check)
    {
        foreach (var sample in samples)
        {
            for (int seed = 0; seed < 5; seed++)
            {
                check(sample, seed);
            }
        }
    }

    private static void Close(double expected, double actual, string what) =>
        Expect.Close(expected, actual, 1e-12 * Math.Max(1, Math.Abs(expected)), what);
}

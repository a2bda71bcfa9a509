using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>What holds of every metric of the catalog, on every form of scores that it takes.</summary>
public sealed class MetricContractTests
{
    public static IEnumerable<object[]> Cases =>
        from name in Names
        from form in Enum.GetValues<ScoreForm>()
        where Named(name).Takes(form)
        select new object[] { name, form };

    private static IEnumerable<string> Names =>
        Catalogs.Metrics.Entries.Where(e => e.Type.Assembly == typeof(Metric).Assembly).Select(e => e.Name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Neither_the_order_of_the_rows_nor_how_they_are_split_changes_the_value(string name, ScoreForm form)
    {
        var metric = Named(name);
        for (int seed = 0; seed < 5; seed++)
        {
            var sample = Sample.Random(form, rows: 40, seed);
            sample = sample with { Weights = [.. Enumerable.Range(0, 40).Select(i => (i % 7) / 3f)] };
            double expected = metric.Of(sample.Rows);
            Assert.False(double.IsNaN(expected));

            int[] order = [.. Enumerable.Range(0, 40)];
            new Random(seed).Shuffle(order);
            var run = metric.Start(form, sample.Width);
            foreach (var part in (int[][])[order[..1], [], order[1..17], order[17..]])
            {
                run.Add(sample.Take(part).Rows);
            }

            Close(expected, run.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_goes_on_from_its_state_as_if_it_had_never_stopped(string name, ScoreForm form)
    {
        var metric = Named(name);
        var sample = Sample.Random(form, rows: 30, seed: 1);
        var whole = metric.Start(form, sample.Width);
        whole.Add(sample.Take(Enumerable.Range(0, 13)).Rows);
        if (metric.NeedsAllRows)
        {
            Assert.Throws<NotSupportedException>(() => whole.State);
            Assert.Throws<NotSupportedException>(() => whole.State = []);
            return;
        }

        var state = whole.State;
        double half = whole.Value;
        whole.Add(sample.Take(Enumerable.Range(13, 17)).Rows);

        var resumed = metric.Start(form, sample.Width);
        resumed.State = state;
        Assert.Equal(half, resumed.Value);
        resumed.Add(sample.Take(Enumerable.Range(13, 17)).Rows);
        Assert.Equal(whole.Value, resumed.Value);
        Assert.Equal(whole.State, resumed.State);
        Assert.NotEqual(state, resumed.State); // a copy: going on does not change what was saved
        Assert.Throws<ArgumentException>(() => resumed.State = [.. state, 0]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_k_is_k_such_rows(string name, ScoreForm form)
    {
        var metric = Named(name);
        for (int seed = 0; seed < 5; seed++)
        {
            var sample = Sample.Random(form, rows: 30, seed);
            int[] times = [.. Enumerable.Range(0, 30).Select(i => (i + seed) % 4)];
            var repeated = sample.Take(times.SelectMany((k, row) => Enumerable.Repeat(row, k)));
            var weighted = sample with { Weights = [.. times.Select(k => (float)k)] };
            Close(metric.Of(repeated.Rows), metric.Of(weighted.Rows));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predictions_that_equal_the_truth_give_the_best_value(string name, ScoreForm form)
    {
        var metric = Named(name);
        double best = metric.Of(Sample.Perfect(form).Rows), random = metric.Of(Sample.Random(form, rows: 40, seed: 2).Rows);
        Assert.Equal(metric.Goal == Goal.Maximize ? 1 : 0, best, 12);
        Assert.True(metric.Goal == Goal.Maximize ? random < best : random > best, $"{random} is no worse than {best}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_NaN_among_the_scores_of_a_row_never_looks_good(string name, ScoreForm form)
    {
        var metric = Named(name);
        var perfect = Sample.Perfect(form);
        for (int place = 0; place < perfect.Scores.Length; place++)
        {
            float[] scores = [.. perfect.Scores];
            scores[place] = float.NaN;
            double value = metric.Of((perfect with { Scores = scores }).Rows);
            bool good = metric.Goal == Goal.Maximize ? value > 0.99 : value < 0.01;
            Assert.False(good, $"{value} looks good with a NaN at {place}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_row_of_weight_0_changes_nothing_and_without_rows_there_is_no_value(string name, ScoreForm form)
    {
        var metric = Named(name);
        var sample = Sample.Random(form, rows: 20, seed: 3);
        float[] weights = [.. Enumerable.Repeat(1f, 19), 0], scores = [.. sample.Scores];
        Array.Fill(scores, float.NaN, 19 * sample.Width, sample.Width);
        double without = metric.Of(sample.Take(Enumerable.Range(0, 19)).Rows);
        Assert.Equal(without, metric.Of((sample with { Scores = scores, Weights = weights }).Rows));
        Assert.Equal(double.NaN, metric.Start(form, sample.Width).Value);
        Assert.Equal(double.NaN, metric.Of((sample with { Weights = new float[20] }).Rows));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_class_that_the_model_does_not_know_makes_it_worse(string name, ScoreForm form)
    {
        if (form == ScoreForm.Values)
        {
            return;
        }

        var metric = Named(name);
        var perfect = Sample.Perfect(form);
        float[] targets = [.. perfect.Targets];
        targets[^1] = ScoredRows.UnknownClass;
        double value = metric.Of((perfect with { Targets = targets }).Rows);
        // Recall asks only whether the rows of yes are found.
        bool unseen = metric is RecallScore { Averaging: null } && form == ScoreForm.Logit;
        Assert.True(metric.Goal == Goal.Maximize ? value < (unseen ? 1.001 : 1) : value > 0, $"{value}");
    }

    [Fact]
    public void A_figures_name_names_its_metric_in_the_catalog()
    {
        Assert.All(Names, name => Assert.Equal(Named(name), Named(Named(name).FigureName)));
        Assert.All(Names.Except(["topKAccuracy"]), name => Assert.Equal(name, Named(name).FigureName));
        Assert.All(Names, name => Assert.Equal(new Figure(Named(name).FigureName, Named(name).Goal), Named(name).Figure));
        Assert.Equal("top3Accuracy", new TopKAccuracy { K = 3 }.FigureName);
        Assert.Equal("quantileLoss0_9", new QuantileLoss { Quantile = 0.9 }.FigureName);
        Assert.Equal("f1", new F1Score { Averaging = Averaging.Binary }.FigureName);
    }

    [Fact]
    public void A_configuration_lists_metrics_by_name_and_every_one_keeps_its_options()
    {
        Assert.Equal<IEnumerable<Metric>>(
            [new TopKAccuracy(), new F1Score { Averaging = Averaging.Macro }, new QuantileLoss { Quantile = 0.9 }],
            RecordJson.Deserialize<ValueList<Metric>>("""["top5Accuracy", "macroF1", { "type": "quantileLoss", "quantile": 0.9 }]"""));
        Assert.All(Names, name => Assert.Equal(Named(name), RecordJson.Deserialize<Metric>(RecordJson.Serialize(Named(name)))));
    }

    [Fact]
    public void Every_metric_of_the_catalog_takes_some_scores() =>
        Assert.All(Names, name => Assert.Contains(Enum.GetValues<ScoreForm>(), Named(name).Takes));

    internal static Metric Named(string name) => RecordJson.Deserialize<Metric>($"\"{name}\"");

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-12 * Math.Max(1, Math.Abs(expected)), $"{expected} is not {actual}");
}

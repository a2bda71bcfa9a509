namespace MlNetDl.Experiments;

/// <summary>Means and standard deviations of results over their seeds or folds.</summary>
internal static class SeedSummary
{
    /// <summary>One result of several.</summary>
    /// <param name="results">The results of the seeds, one or more.</param>
    /// <param name="model">The model that stands for all.</param>
    public static RunResult Of(IReadOnlyList<RunResult> results, string model) => results[^1] with
    {
        // Folds have one seed.
        Seeds = [.. results.SelectMany(r => r.Seeds).Distinct()],
        Seconds = Math.Round(results.Sum(r => r.Seconds), 2),
        DataSeconds = Math.Round(results.Sum(r => r.DataSeconds), 2),
        Model = model,
        // The model is that of the first.
        Report = results[0].Report,
        Figures = results[0].Figures is null
            ? null
            : results[0].Figures!.Keys.ToDictionary(name => name, name => results.Average(r => r.Figures?.GetValueOrDefault(name, double.NaN) ?? double.NaN)),
        Metrics = Each(results, values => values.Average()),
        StandardDeviations = Each(results, Deviation),
    };

    private static double Deviation(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return double.IsNaN(mean) ? double.NaN : values.Distinct().Count() < 2 ? 0 : Math.Sqrt(values.Sum(v => Math.Pow(v - mean, 2)) / (values.Count - 1));
    }

    private static RunMetrics Each(IReadOnlyList<RunResult> results, Func<IReadOnlyList<double>, double> figure)
    {
        return new(Part(m => m.Train), Part(m => m.Validation), Part(m => m.Test));

        Dictionary<string, double> Part(Func<RunMetrics, IReadOnlyDictionary<string, double>> part) =>
            // A seed that an earlier version has trained may lack a figure.
            part(results[0].Metrics).Keys.Where(name => results.All(r => part(r.Metrics).ContainsKey(name)))
                .ToDictionary(name => name, name => figure([.. results.Select(r => part(r.Metrics)[name])]));
    }
}

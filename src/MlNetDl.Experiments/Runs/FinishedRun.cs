using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>A run that is done, with what a comparison needs of its folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Result">Its result.</param>
internal sealed record FinishedRun(string Path, Experiment Experiment, RunResult Result)
{
    /// <summary>The size of the saved model in bytes; <see langword="null"/> where somebody has deleted it.</summary>
    public long? Bytes => new FileInfo(System.IO.Path.Combine(Path, Result.Model)) is { Exists: true } model ? model.Length : null;

    /// <summary>The digests of its data.</summary>
    public IReadOnlyDictionary<string, string> Digests => RunFolder.Digests(Path);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">It holds no finished training with one configuration; the message says what to do.</exception>
    public static FinishedRun Open(string path)
    {
        if (!Directory.Exists(path))
        {
            var more = File.Exists(path) ? ", but a file of that name; name the run's folder" : "";
            throw new DirectoryNotFoundException($"There is no folder '{path}'{more}.");
        }

        var result = RunResult.FromFile(System.IO.Path.Combine(path, "result.json"), "Run it anew in another folder.");
        var experiment = RunFolder.Before(path);
        return experiment is null
            ? throw new InvalidDataException($"'{path}' holds no run: it has no {RunFolder.ConfigurationFile} that can be read here. Name a folder that "
                + "mldl run has made.")
            : experiment.Search is not null
            ? throw new InvalidDataException($"'{path}' holds a sweep; mldl study compare {path} OTHER compares sweeps and their trials.")
            : experiment.Arms is not null
            ? throw new InvalidDataException($"'{path}' holds arms, which stand beside each other in its ledger.csv already; name runs without arms.")
            : result is null
            ? throw new InvalidDataException($"The run in '{path}' is not done yet: it has no result.json. The same mldl run continues it.")
            : new(path, experiment, result);
    }

    /// <summary>A figure of the test part with each seed; empty for a run of one seed, and where the folder of a seed is
    /// gone.</summary>
    public SortedDictionary<int, double> Values(string figure)
    {
        var values = new SortedDictionary<int, double>();
        foreach (int seed in Experiment.Seeds)
        {
            var file = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"), "result.json");
            if (RunResult.FromFile(file, "Run it anew in another folder.") is not { } one)
            {
                return [];
            }

            values[seed] = one.Metrics.Test.GetValueOrDefault(figure, double.NaN);
        }

        return values;
    }
}

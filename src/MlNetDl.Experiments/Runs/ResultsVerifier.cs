using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>One experiment, run again and compared with what was recorded.</summary>
/// <param name="Experiment">Its YAML file.</param>
/// <param name="Reproduced">Whether every test figure lies within the experiment's tolerance of the recorded
/// one.</param>
/// <param name="Differences">The figures, as text.</param>
public sealed record Verification(string Experiment, bool Reproduced, string Differences);

/// <summary>Runs experiments again and compares with their recorded results,
/// <c>NAME.result.json</c> beside <c>NAME.yaml</c>.</summary>
public static class ResultsVerifier
{
    /// <summary>Where the result of an experiment file is recorded.</summary>
    public static string RecordOf(string yaml) => Path.ChangeExtension(yaml, ".result.json");

    /// <summary>The experiment files below a folder, or the file itself, in order.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        IReadOnlyList<string> files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.yaml", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)]
            : [];
        if (files.Count == 0)
        {
            throw new FileNotFoundException($"There is no experiment (*.yaml) in '{path}'.", path);
        }

        return files;
    }

    /// <summary>Runs one experiment afresh and compares, or with <paramref name="update"/> records.</summary>
    public static Verification Verify(string yaml, bool update, Func<Experiment, string, RunResult> run)
    {
        var experiment = Experiments.Experiment.Load(yaml);
        var folder = Path.Combine(Path.GetTempPath(), $"mldl-verify-{Guid.NewGuid():N}");
        try
        {
            var record = RecordOf(yaml);
            if (!update && !File.Exists(record))
            {
                return new(yaml, false, $"no result is recorded in {Path.GetFileName(record)}; record one with --update");
            }

            ScratchFolder.Check("Running an experiment again");
            var result = run(experiment, folder);
            if (update)
            {
                AtomicFile.WriteText(record, result.ToJson() + "\n");
                return new(yaml, true, "recorded");
            }

            return Compare(yaml, experiment.Tolerance, RunResult.FromJson(File.ReadAllText(record)), result);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    internal static Verification Compare(string yaml, double tolerance, RunResult recorded, RunResult now)
    {
        var (before, after) = (Figures(recorded), Figures(now));
        if (before.Count == 0)
        {
            return new(yaml, false, "the record holds no test figure and no best trial; record the result again with --update");
        }

        if (recorded.Arms is { } arms && now.Arms?.Keys.Except(arms.Keys).ToList() is { Count: > 0 } added)
        {
            return new(yaml, false, $"the record holds no arm {string.Join(", ", added)}; record the result again with --update");
        }

        var figures = before
            .Select(r => (r.Key, Recorded: r.Value, Now: after.GetValueOrDefault(r.Key, double.NaN)))
            .Select(f => (f.Key, f.Recorded, f.Now, Fits: Fits(f.Recorded, f.Now))).ToList();
        return new(
            yaml,
            figures.All(f => f.Fits),
            string.Join(
                ", ",
                figures.Select(f => string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{f.Key} {f.Now:G6} ({(f.Fits ? "recorded" : "NOT the recorded")} {f.Recorded:G6})"))));

        // Relative for figures that are not shares: an error of 50 may move by more than one of 0.5.
        bool Fits(double recorded, double now) =>
            now.Equals(recorded) || Math.Abs(now - recorded) <= tolerance * Math.Max(1, Math.Abs(recorded));
    }

    // A sweep without a final round looks at no test data: its result is what its best trials have.
    private static IReadOnlyDictionary<string, double> Figures(RunResult result) => result.Arms is { } arms
        ? arms.SelectMany(a => a.Value.Metrics.Test.Select(m => KeyValuePair.Create($"{a.Key}: {m.Key}", m.Value))).ToDictionary()
        : result.Metrics.Test.Count > 0 ? result.Metrics.Test
        : (result.Search?.Best ?? []).SelectMany(t => t.Values.Select(v => KeyValuePair.Create($"trial {t.Number}: {v.Key}", v.Value)))
            .ToDictionary();
}

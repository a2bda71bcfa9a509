using MlNetDl.Search.Statistics;
using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>Objectives that run over several seeds, and their ranking by the mean, so that luck does not win a
/// search.</summary>
/// <example><code>
/// study.Optimize(Repeat.Over([1, 2, 3, 4, 5], (trial, seed) => Train(trial.LogUniform("learningRate", 1e-4, 1e-1), seed)), trials: 50);
/// Console.WriteLine(Repeat.Mean(study.Best!));   // 0.912 [0.905, 0.919]
/// </code></example>
public static class Repeat
{
    /// <summary>Name of the metric that holds the seed of each step.</summary>
    public const string SeedKey = "seed";

    /// <summary>Makes an objective that runs another one over seeds and returns the mean.</summary>
    /// <param name="seeds">The seeds, the same for every trial and in the same order; one or more, none twice.</param>
    /// <param name="objective">Returns the value for a seed. It suggests the parameters. It must not report, because
    /// steps are seeds here; a report ends in a <see cref="StudyException"/>.</param>
    /// <remarks>
    /// <para>The value of the i-th seed is reported at step i (from 0) beside the seed itself (metric
    /// <see cref="SeedKey"/>), and the study's pruner is asked after each but the last.
    /// <see cref="Pruners.WilcoxonPruner"/> is made for this use; other pruners take each value for the mean.</para>
    /// <para>A pruned trial has the value of its last seed, as any pruned trial has its last report. A NaN for any seed
    /// fails the trial at its end.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">There is no seed, or one stands twice.</exception>
    public static Func<Trial, double> Over(IReadOnlyList<int> seeds, Func<Trial, int, double> objective)
    {
        Check(seeds);
        return trial =>
        {
            double sum = 0;
            for (int i = 0; i < seeds.Count; i++)
            {
                trial.RunsSeed = seeds[i];
                sum += Take(trial, i, seeds, objective(trial, seeds[i]));
            }

            return sum / seeds.Count;
        };
    }

    /// <inheritdoc cref="Over(IReadOnlyList{int}, Func{Trial, int, double})"/>
    public static Func<Trial, Task<double>> Over(IReadOnlyList<int> seeds, Func<Trial, int, Task<double>> objective)
    {
        Check(seeds);
        return async trial =>
        {
            double sum = 0;
            for (int i = 0; i < seeds.Count; i++)
            {
                trial.RunsSeed = seeds[i];
                sum += Take(trial, i, seeds, await objective(trial, seeds[i]).ConfigureAwait(false));
            }

            return sum / seeds.Count;
        };
    }

    /// <summary>Mean of a trial's reports, with its confidence interval. For a trial that ran over seeds, that is the
    /// mean over its seeds.</summary>
    /// <param name="trial">The trial; one report or more, finite.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default.</param>
    /// <exception cref="ArgumentException">The trial has no report, or a report that is not finite.</exception>
    public static MeanInterval Mean(TrialRecord trial, double confidence = 0.95) =>
        MeanInterval.Of([.. trial.Reports.Select(r => r.Value)], confidence);

    /// <summary>The complete, feasible trials with their means, best first. Between equal means the earlier trial comes
    /// first. Trials without a finite mean come last: a report is infinite, or there is none and the mean is
    /// NaN.</summary>
    /// <param name="history">The study so far.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default.</param>
    public static IReadOnlyList<(TrialRecord Trial, MeanInterval Mean)> Ranking(History history, double confidence = 0.95)
    {
        return [.. history.Trials.Where(t => t.State == TrialState.Complete && t.IsFeasible)
            .Select(t => (Trial: t, Mean: t.Reports.Count > 0 && t.Reports.All(r => double.IsFinite(r.Value))
                ? Mean(t, confidence)
                : new(double.NaN, double.NaN, double.NaN, confidence, 0)))
            .OrderBy(t => t.Mean.Count == 0).ThenBy(t => history.Goals[0].Loss(t.Mean.Mean))];
    }

    // After the last seed, pruning would save nothing.
    private static double Take(Trial trial, int index, IReadOnlyList<int> seeds, double value)
    {
        trial.RunsSeed = null;
        trial.Log(index, SeedKey, seeds[index]);
        trial.Report(index, value);
        if (index != seeds.Count - 1 && trial.ShouldPrune())
        {
            throw new TrialPrunedException(
                $"Trial {trial.Number} is pruned after seed {seeds[index]}, {index + 1} of {seeds.Count}.");
        }

        return value;
    }

    private static void Check(IReadOnlyList<int> seeds)
    {
        if (seeds.Count == 0 || seeds.Distinct().Count() < seeds.Count)
        {
            throw new ArgumentException(
                seeds.Count == 0
                    ? "repeats take one seed or more but there is none."
                    : "each seed counts once but one stands twice.",
                nameof(seeds));
        }
    }
}

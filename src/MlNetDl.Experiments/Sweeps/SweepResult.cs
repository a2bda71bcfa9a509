using MlNetDl.Files;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Experiments;

/// <summary>Puts the result of a sweep together, and its best model into <c>best</c>.</summary>
internal static class SweepResult
{
    private const string BestFolder = "best";

    /// <summary>The result.</summary>
    /// <param name="sweep">The sweep, whose workers have ended.</param>
    /// <param name="final">Its final round, if it has one.</param>
    /// <exception cref="StudyException">No trial is complete.</exception>
    public static RunResult Of(Sweep sweep, FinalRound? final)
    {
        var trials = sweep.Study.Trials;
        var front = sweep.Study.ParetoFront;
        if (front.Count == 0)
        {
            throw new StudyException(WithoutResult(sweep, trials));
        }

        // Of a front the model that is best in the first objective is put into 'best'.
        var goal = sweep.Search.Objective[0].Goal;
        IReadOnlyList<TrialRecord> best = sweep.Search.Objective.Count > 1
            ? [.. front.OrderBy(t => goal.Loss(t.Values[0]))]
            : [final is null ? front[0] : trials[final.Best]];
        var (finals, defaults) = final?.Results() ?? ([], []);
        var from = final?.FirstFolder() ?? TrialFolders.WithModel(sweep, best[0].Number)
            ?? throw new StudyException($"the model of trial {best[0].Number} is not in '{sweep.TrialFolder(best[0].Number)}' any more.");
        foreach (var name in new[] { SeedRun.Model, SeedRun.Onnx })
        {
            Copy(Path.Combine(from, name), Path.Combine(sweep.Folder, BestFolder, name));
        }

        var model = $"{BestFolder}/{SeedRun.Model}";
        var one = RunResult.FromJson(File.ReadAllText(Path.Combine(from, "result.json"))) with { Model = model };
        return (finals.Count > 1 ? SeedSummary.Of(finals, model) : one) with
        {
            Name = sweep.Experiment.Name,
            Budget = sweep.Experiment.Budget,
            Search = new()
            {
                Complete = trials.Count(t => t.State == TrialState.Complete),
                Pruned = trials.Count(t => t.State == TrialState.Pruned),
                Failed = trials.Count(t => t.State == TrialState.Failed),
                Best = Best(sweep, best),
                Final = final is null ? null : Summary(final, finals, defaults),
            },
        };
    }

    /// <summary>The best trials, as a result names them.</summary>
    public static IReadOnlyList<BestTrial> Best(Sweep sweep, IReadOnlyList<TrialRecord> trials) => [.. trials.Select(t => new BestTrial(
        t.Number,
        sweep.Search.Objective.Zip(t.Values).ToDictionary(v => v.First.Figure, v => v.Second),
        sweep.Trials.Parameters(t.Numbers)) { Proposal = t.Proposal })];

    private static FinalSummary Summary(FinalRound final, IReadOnlyList<RunResult> best, IReadOnlyList<RunResult> defaults)
    {
        double[] a = [.. best.Select(final.FigureOf)], b = [.. defaults.Select(final.FigureOf)];
        const string A = "best", B = "default";
        bool canCompare = a.Length == b.Length && a.Length > 1 && a.Concat(b).All(double.IsFinite);
        var comparison = canCompare ? Comparison.Of(A, a, B, b, final.Goal) : null;
        return new()
        {
            Figure = final.Figure,
            Best = a,
            Default = b.Length > 0 ? b : null,
            Comparison = comparison?.ToString(),
            Better = comparison?.Better,
        };
    }

    private static string WithoutResult(Sweep sweep, IReadOnlyList<TrialRecord> trials)
    {
        var reasons = trials.Where(t => t.Error is not null).Select(t => $"  trial {t.Number}: {t.Error}").Take(3).ToList();
        int infeasible = trials.Count(t => t is { State: TrialState.Complete or TrialState.Pruned, IsFeasible: false });
        int left = trials.Count(t => !t.IsFinished);
        return $"no trial of '{sweep.Experiment.Name}' {(infeasible > 0 ? "keeps the constraints" : "is complete")}: of {trials.Count}, "
            + $"{trials.Count(t => t.State == TrialState.Failed)} failed and {trials.Count(t => t.State == TrialState.Pruned)} were pruned"
            + $"{(infeasible > 0 ? $"; {infeasible} break search.constraints" : "")}"
            + $"{(left > 0 ? $"; {left} did not come to its end, and the same command goes on with it" : "")}."
            + (reasons.Count > 0 ? $" The first reasons:\n{string.Join('\n', reasons)}" : "");
    }

    private static void Copy(string from, string to) => AtomicFile.Write(to, target =>
    {
        using var source = File.OpenRead(from);
        source.CopyTo(target);
    });
}

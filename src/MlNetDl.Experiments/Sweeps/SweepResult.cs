using System.Globalization;
using MlNetDl.Files;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Experiments;

/// <summary>Puts the result of a sweep together, and its best model into <c>best</c>.</summary>
internal static class SweepResult
{
    /// <summary>The folder of the best model.</summary>
    public const string BestFolder = "best";

    private static readonly string[] Models = [SeedRun.Model, OnnxFiles.First];

    /// <summary>Whether the best model is in its folder.</summary>
    public static bool HasModels(string folder) => Models.All(name => File.Exists(Path.Combine(folder, BestFolder, name)));

    /// <summary>The result.</summary>
    /// <param name="sweep">The sweep, whose workers have ended.</param>
    /// <param name="final">Its final round, if it has one.</param>
    /// <exception cref="StudyException">No trial is complete.</exception>
    public static RunResult Of(Sweep sweep, FinalRound? final)
    {
        var trials = sweep.Study.Trials;
        if (sweep.Study.ParetoFront.Count == 0)
        {
            throw new StudyException(WithoutResult(sweep, trials));
        }

        var best = final is null ? Leading(sweep) : [trials[final.Best]];
        var (finals, defaults) = final?.Results() ?? ([], []);
        var lineage = TrialLineage.Of(sweep, best[0]);
        var parts = final is null ? TrialFolders.OfParts(sweep, best[0]) : [];
        var from = final?.FirstFolder() ?? parts.FirstOrDefault(f => File.Exists(Path.Combine(f, SeedRun.Model)))
            ?? throw new StudyException(WithoutModel(sweep, best[0]));
        string[] graphs = [.. Directory.EnumerateFiles(from, OnnxFiles.Pattern).Select(f => Path.GetFileName(f))];
        OnnxFiles.DeleteOthers(Path.Combine(sweep.Folder, BestFolder), graphs);
        foreach (var name in graphs.Append(SeedRun.Model))
        {
            Copy(Path.Combine(from, name), Path.Combine(sweep.Folder, BestFolder, name));
        }

        var model = $"{BestFolder}/{SeedRun.Model}";
        // Without a final round the parts of the best trial, its seeds or folds, stand for it.
        IReadOnlyList<RunResult> results = final is null ? [.. parts.Select(ResultIn)] : finals;
        var shown = results.Count > 1 ? SeedSummary.Of(results, model) : results[0] with { Model = model };
        return shown with
        {
            Name = sweep.Experiment.Name,
            Budget = sweep.Experiment.Budget,
            Epochs = lineage?[^1].Epochs ?? shown.Epochs,
            Seconds = lineage is null ? shown.Seconds : Sum(sweep, lineage, r => r.Seconds),
            DataSeconds = lineage is null ? shown.DataSeconds : Sum(sweep, lineage, r => r.DataSeconds),
            Search = new()
            {
                Complete = trials.Count(t => t.State == TrialState.Complete),
                Pruned = trials.Count(t => t.State == TrialState.Pruned),
                Failed = trials.Count(t => t.State == TrialState.Failed),
                Best = Best(sweep, best),
                Lineage = lineage,
                Final = final is null ? null : Summary(final, finals, defaults),
            },
        };
    }

    /// <summary>The best trials, as a result names them.</summary>
    public static IReadOnlyList<BestTrial> Best(Sweep sweep, IReadOnlyList<TrialRecord> trials) => [.. trials.Select(t => new BestTrial(
        t.Number,
        Values(sweep, t),
        sweep.Trials.Parameters(t.Numbers)) { Proposal = t.Proposal })];

    /// <summary>The best trial, or those of the Pareto front; first the one whose model is put into <see cref="BestFolder"/>, the best
    /// in the first objective. Empty where none is complete.</summary>
    public static IReadOnlyList<TrialRecord> Leading(Sweep sweep)
    {
        var (front, goal) = (sweep.Study.ParetoFront, sweep.Search.Objective[0].Goal);
        return sweep.Search.Objective.Count > 1 ? [.. front.OrderBy(t => goal.Loss(t.Values[0]))] : [.. front.Take(1)];
    }

    /// <summary>The values of a trial by figure.</summary>
    public static IReadOnlyDictionary<string, double> Values(Sweep sweep, TrialRecord trial) =>
        sweep.Search.Objective.Zip(trial.Values).ToDictionary(v => v.First.Figure, v => v.Second);

    private static RunResult ResultIn(string folder) =>
        RunResult.FromFile(Path.Combine(folder, "result.json"), "Put it back from a copy, or run the sweep anew in another folder.")!;

    private static double Sum(Sweep sweep, IReadOnlyList<LineagePart> lineage, Func<RunResult, double> seconds) => Math.Round(
        lineage.SelectMany(part => TrialFolders.OfParts(sweep, sweep.Study.Trials[part.Trial])).Sum(f => seconds(ResultIn(f))), 2);

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
            Comparison = comparison?.ToString() ?? (a.Length == 1 && b.Length == 1 ? OfOneSeed(A, a[0], B, b[0]) : null),
            Better = comparison?.Better,
        };
    }

    private static string OfOneSeed(string nameA, double a, string nameB, double b) => string.Create(CultureInfo.InvariantCulture,
        $"{nameA} has {a:G5}, {nameB} has {b:G5}. Nothing can be concluded from one seed; search.final.repeat trains with more.");

    private static string WithoutResult(Sweep sweep, IReadOnlyList<TrialRecord> trials)
    {
        var reasons = trials.Where(t => t.Error is not null).Select(t => $"  trial {t.Number}: {t.Error}").Take(3).ToList();
        int infeasible = trials.Count(t => t is { State: TrialState.Complete or TrialState.Pruned, IsFeasible: false });
        int most = sweep.Search.MaxTrials;
        int left = trials.Count(t => !t.IsFinished && t.Number < most), beyond = trials.Count(t => !t.IsFinished && t.Number >= most);
        reasons.AddRange(trials.Where(t => !t.IsFeasible).Select(t => $"  trial {t.Number}: infeasible: {sweep.Search.Broken(t)}").Take(3 - reasons.Count));
        return $"no trial of '{sweep.Experiment.Name}' {(infeasible > 0 ? "keeps the constraints" : "is complete")}: of {trials.Count}, "
            + $"{trials.Count(t => t.State == TrialState.Failed)} failed and {trials.Count(t => t.State == TrialState.Pruned)} were pruned"
            + $"{(infeasible > 0 ? $"; {infeasible} break search.constraints" : "")}"
            + $"{(left > 0 ? $"; {left} did not come to its end, and the same command goes on with it" : "")}."
            + (beyond > 0 ? $" Beyond search.maxTrials, {most}, there are {beyond} more; search.maxTrials={trials.Count} runs them." : "")
            + (reasons.Count > 0 ? $" The first reasons:\n{string.Join('\n', reasons)}" : "");
    }

    private static string WithoutModel(Sweep sweep, TrialRecord trial)
    {
        // The final round trains from what the study knows of the trial.
        var anew = sweep.Search.Objective.Count > 1 || sweep.Experiment.Task is null ? "run the sweep anew in another folder"
            : "let the final round train its configuration again: search.final={repeat: 1}";
        return $"the best trial of '{sweep.Experiment.Name}' is {trial.Number}, but its model is not in '{sweep.TrialFolder(trial.Number)}' any more. "
            + $"Put that folder back from a copy, or {anew}.";
    }

    private static void Copy(string from, string to) => AtomicFile.Write(to, target =>
    {
        using var source = File.OpenRead(from);
        source.CopyTo(target);
    });
}

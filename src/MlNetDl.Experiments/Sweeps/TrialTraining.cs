using System.Text.Json;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Search;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The objective of a sweep: trains the configuration of a trial and gives its values.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="data">Its data.</param>
/// <param name="callbacks">Take part in each training.</param>
internal sealed class TrialTraining(Sweep sweep, SweepData data, Func<Trial, IReadOnlyList<Callback>> callbacks)
{
    private readonly IReadOnlyList<TrialPart> parts = TrialPart.Of(sweep);

    private IReadOnlyList<SearchObjective> Objectives => sweep.Search.Objective;

    /// <summary>Trains; gives the value of each objective.</summary>
    /// <exception cref="TrialPrunedException">The pruner ended it, or its network breaks a constraint.</exception>
    /// <exception cref="SearchEndedException">An objective is one that no trial has.</exception>
    /// <exception cref="TimeoutException">It took longer than a trial may.</exception>
    public IReadOnlyList<double> Run(Trial trial) => TrialTime.Run(
        trial, (sweep.Search.TrialTimeout, "search.trialTimeout"), $"trial {trial.Number}", stop => Run(trial, stop));

    private IReadOnlyList<double> Run(Trial trial, CancellationToken stop)
    {
        var experiment = sweep.Trials.Of(trial.Record.Numbers);
        var known = NetworkFigures.Of(experiment, data.Of(experiment)) ?? new Dictionary<string, double>();
        var folder = sweep.AttemptFolder(trial.Number, trial.Lease.Attempt);
        AtomicFile.WriteText(
            Path.Combine(folder, "params.json"), sweep.Trials.Parameters(trial.Record.Numbers).ToJsonString(RunResult.Json));

        RefuseBeforeTraining(trial, known);
        var figures = parts.Count > 1
            ? Mean(trial, part => Figures(experiment, trial, part, known, callbacks(trial), stop))
            : Figures(experiment, trial, parts[0], known, [Reports(trial, folder), .. callbacks(trial)], stop);
        var values = Objectives.Select(o => TrialReports.FigureOf(figures, o.Figure)).ToList();
        BrokenBounds.Tell(trial, sweep.Trials.Space.Constraints.Where(c => !known.ContainsKey(c.Name))
            .Select(c => (c, TrialReports.FigureOf(figures, c.Name, "search.constraints"))));
        return values;
    }

    private void RefuseBeforeTraining(Trial trial, IReadOnlyDictionary<string, double> known)
    {
        var measured = sweep.Trials.Space.Constraints.Where(c => known.ContainsKey(c.Name)).Select(c => (c, known[c.Name]));
        if (BrokenBounds.Tell(trial, measured) is { } broken)
        {
            throw new TrialPrunedException($"Trial {trial.Number} was not trained: {broken}.");
        }
    }

    private TrialReports Reports(Trial trial, string folder)
    {
        var epochs = Objectives.Count == 1 && RunFigures.IsOfEpochs(Objectives[0].Figure) ? Objectives[0].Figure : null;
        return new(trial, epochs, Path.GetFileName(folder), TrialLineage.EpochsBefore(sweep, trial.Record));
    }

    // Seeds and folds are steps, counted from 1: the value of each is reported as a trial of one training reports its epochs.
    private Dictionary<string, double> Mean(Trial trial, Func<TrialPart, IReadOnlyDictionary<string, double>> run)
    {
        var all = new List<IReadOnlyDictionary<string, double>>();
        for (int i = 0; i < parts.Count; i++)
        {
            all.Add(run(parts[i]));
            trial.Log(i + 1, parts[i].Key, parts[i].Number);
            foreach (var (name, value) in all[^1].Where(f => RunFigures.IsOfEpochs(f.Key)))
            {
                trial.Log(i + 1, name, value);
            }

            trial.SaveCheckpoint(Path.GetFileName(sweep.AttemptFolder(trial.Number, trial.Lease.Attempt)), i + 1);
            if (Objectives.Count > 1)
            {
                continue;
            }

            trial.Report(i + 1, TrialReports.FigureOf(all[^1], Objectives[0].Figure));
            if (i < parts.Count - 1 && trial.ShouldPrune())
            {
                throw new TrialPrunedException($"Trial {trial.Number} is pruned after {parts[i].Key} {parts[i].Number}, {i + 1} of {parts.Count}.");
            }
        }

        return all[0].Keys.ToDictionary(key => key, key => all.Average(figures => figures[key]));
    }

    private IReadOnlyDictionary<string, double> Figures(
        Experiment experiment,
        Trial trial,
        TrialPart part,
        IReadOnlyDictionary<string, double> known,
        IReadOnlyList<Callback> taking,
        CancellationToken stop)
    {
        var earlier = Enumerable.Range(1, trial.Lease.Attempt - 1).Reverse()
            .Select(n => Path.Combine(sweep.AttemptFolder(trial.Number, n), part.Folder)).ToList();
        var folder = Path.Combine(sweep.AttemptFolder(trial.Number, trial.Lease.Attempt), part.Folder);
        if (earlier.Select(e => Path.Combine(e, "result.json")).FirstOrDefault(File.Exists) is { } done)
        {
            // A part that an earlier attempt has finished, or all of the trial but the word to the study.
            return Named(RunResult.FromFile(done, "Delete it, and the next attempt trains this part anew.")!, Path.GetDirectoryName(done)!, known);
        }

        AttemptFiles.TakeCheckpoints(earlier, folder);
        var loaded = part.Fold is { } fold ? data.Of(experiment, fold, parts.Count) : data.Of(experiment);
        var run = new SeedRun(experiment, loaded, folder, part.Seed)
        {
            StartCheckpoint = TrialLineage.StartOf(sweep, trial.Record),
            Callbacks = taking,
            ShowsSamples = false,
            Measure = network => Measured(network.Package, [.. SweepCheck.Asked(sweep).Where(f => !known.ContainsKey(f))]),
        };
        var result = run.Run(stop);
        AtomicFile.WriteText(Path.Combine(folder, "result.json"), result.ToJson());
        return Named(result, folder, known);
    }

    private static Dictionary<string, double>? Measured(ModelPackage package, IReadOnlyList<string> asked)
    {
        var figures = new Dictionary<string, double>();
        if (asked.Contains(RunFigures.LatencyMs))
        {
            figures[RunFigures.LatencyMs] = Latency.Of(package).P50;
        }

        if (asked.Any(RunFigures.OfModel.Contains))
        {
            var size = ModelSize.Of(package);
            (figures[RunFigures.Macs], figures[RunFigures.NonZeros], figures[RunFigures.ZippedBytes]) = (size.Macs, size.NonZeros, size.ZippedBytes);
        }

        return figures.Count > 0 ? figures : null;
    }

    private static Dictionary<string, double> Named(RunResult result, string folder, IReadOnlyDictionary<string, double> known)
    {
        var figures = new Dictionary<string, double>(known)
        {
            [RunFigures.Parameters] = result.Parameters,
            [RunFigures.Seconds] = result.Seconds,
            [RunFigures.Bytes] = new FileInfo(Path.Combine(folder, OnnxFiles.First)) is { Exists: true } onnx ? onnx.Length : double.NaN,
        };
        var all = (result.Figures ?? new Dictionary<string, double>())
            .Concat(result.Metrics.Train.Select(f => KeyValuePair.Create(RunFigures.Train + f.Key, f.Value)))
            .Concat(result.Metrics.Validation.Select(f => KeyValuePair.Create(RunFigures.Validation + f.Key, f.Value)));
        foreach (var (name, value) in all)
        {
            figures[name] = value;
        }

        return figures;
    }
}

using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Commands.Views;

/// <summary>The lines that a terminal shows of a sweep: what it has reached, and what its workers do.</summary>
/// <param name="experiment">The sweep.</param>
/// <param name="tally">What it has reached.</param>
/// <param name="names">Shortens names of parameters.</param>
internal sealed class SweepBoard(Experiment experiment, SweepTally tally, ShortNames names)
{
    private const int BarWidth = 20, RoomyWidth = 60, HeadLines = 5;
    private readonly SearchOptions search = experiment.Search!;

    /// <summary>The part that moves.</summary>
    /// <param name="workers">What the workers do.</param>
    /// <param name="fit">The terminal's width.</param>
    /// <param name="height">The terminal's lines; 1 or more.</param>
    public IReadOnlyList<string> Lines(IReadOnlyList<WorkerProgress> workers, LineFit fit, int height)
    {
        var lines = new List<string> { "" };
        lines.AddRange(fit.Pack(Counts(workers, fit), most: 2));
        lines.AddRange(fit.Pack(Best(fit), most: 2));
        // Many workers on a low terminal: the first ones, and how many more there are.
        int room = Math.Max(1, height - Math.Max(HeadLines, lines.Count) - 1);
        int shown = workers.Count <= room ? workers.Count : room - 1;
        lines.AddRange(workers.Take(shown).Select(w => Worker(w, fit)));
        if (shown < workers.Count)
        {
            lines.Add(fit.Cut($"and {Figures.Count(workers.Count - shown, "more worker")}"));
        }

        return lines;
    }

    /// <summary>A trial that has ended, as a line that stays.</summary>
    public string Ended(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest, LineFit fit)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number,3}");
        if (trial.State == TrialState.Failed)
        {
            // Whole, as a reason that is cut is none.
            return LineFit.Plain($"{head}  failed: {trial.Error}");
        }

        var value = trial.State == TrialState.Complete
            ? string.Join("  ", search.Objective.Zip(trial.Values)
                .Select(v => search.Objective.Count == 1 ? SweepText.Number(v.Second) : $"{v.First.Figure} {SweepText.Number(v.Second)}"))
            : $"pruned{(trial.Values.Count > 0 ? $" at {SweepText.Number(trial.Values[0])}" : "")}";
        return fit.Cut($"{head}  {value}{(isBest ? " *best*" : "")}{SweepText.Remarks(trial, search)}  {string.Join(", ", Parameters(parameters))}");
    }

    private IEnumerable<string> Parameters(IReadOnlyDictionary<string, object?> parameters) =>
        SweepText.Searched(parameters).Select(p => $"{names.Of(p.Key)}={SweepText.Value(p.Value)}");

    private IEnumerable<string> Counts(IReadOnlyList<WorkerProgress> workers, LineFit fit)
    {
        if (tally.FinalLeft is { } left)
        {
            yield return $"final round: {Figures.Count(Math.Max(0, left), "training")} left";
        }
        else
        {
            string count = string.Create(CultureInfo.InvariantCulture, $"{tally.Finished}/{search.MaxTrials} trials");
            yield return fit.Width < RoomyWidth ? count : $"{Bar(fit)} {count}";
        }

        yield return $"{tally.Pruned} pruned";
        yield return $"{tally.Failed} failed";
        if (tally.Left(workers) is { } time)
        {
            yield return $"about {Figures.Time(time)} left";
        }
    }

    private string Bar(LineFit fit)
    {
        int filled = Math.Clamp((int)((long)BarWidth * tally.Finished / search.MaxTrials), 0, BarWidth);
        return fit.IsUnicode
            ? new string('█', filled) + new string('░', BarWidth - filled)
            : $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }

    private IEnumerable<string> Best(LineFit fit)
    {
        if (search.Objective.Count > 1)
        {
            yield return $"{Figures.Count(tally.Front.Count, "trial")} on the front";
        }
        else if (tally.Front is [var best, ..])
        {
            var figure = fit.Width < RoomyWidth ? "" : $"{search.Objective[0].Figure} ";
            yield return string.Create(CultureInfo.InvariantCulture, $"best {figure}{SweepText.Number(best.Value)}, trial {best.Number}:");
            foreach (var parameter in Parameters(best.Parameters))
            {
                yield return parameter;
            }
        }
        else
        {
            yield return "no trial is complete yet";
        }
    }

    // "worker 1  trial 12  epoch 3/10  45 %  ▁▃▆█ 0.91"; a narrow terminal leaves the words out.
    private string Worker(WorkerProgress worker, LineFit fit)
    {
        bool roomy = fit.Width >= RoomyWidth;
        var head = string.Create(CultureInfo.InvariantCulture, $"{(roomy ? "worker " : "")}{worker.Worker,2}  ");
        if (worker.Trial is not { } trial)
        {
            return fit.Cut($"{head}waits");
        }

        head += tally.FinalLeft is null
            ? string.Create(CultureInfo.InvariantCulture, $"{(roomy ? "trial " : "#")}{trial,-3}")
            : worker.Record is { } final ? $"{final.ValueOf("configuration")}, seed {final.ValueOf("seed")}" : "";
        head += worker is { Epoch: 1, Done: 0 }
            ? "  begins"
            : string.Create(CultureInfo.InvariantCulture,
                $"  {(roomy ? "epoch " : "")}{worker.Epoch}/{worker.Epochs}  {(int)(100 * Math.Clamp(worker.Done, 0, 1)),3} %");
        if (tally.FinalLeft is not null || worker.Record is not { Reports: { Count: > 0 } reports })
        {
            return fit.Cut(head);
        }

        var last = SweepText.Number(reports[^1].Value);
        var curve = Sparkline.Of(
            [.. reports.Select(r => r.Value)], Math.Min(BarWidth, fit.Width - LineFit.Cells(head) - last.Length - 3), fit.IsUnicode);
        return fit.Cut($"{head}  {curve} {last}");
    }
}

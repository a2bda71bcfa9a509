using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>A study of given learning curves, several trials at once in turn, that asks a pruner
/// after every report.</summary>
internal sealed class PrunerReplay(TrialPruner pruner, Goal goal)
{
    private readonly History history = new("contract", [goal]);

    /// <summary>Before the pruner is asked.</summary>
    public event Action<History, TrialRecord>? Asking;

    /// <summary>After it answered.</summary>
    public event Action<History, TrialRecord, bool>? Asked;

    /// <summary>24 curves of 20 falling, noisy values each.</summary>
    public static double[][] Plain { get; } = Curves();

    /// <summary>The same with NaN and infinities among them; the last values are numbers.</summary>
    public static double[][] Odd { get; } = [.. Plain.Select((curve, i) => curve.Select((v, s) => s + 1 == curve.Length
        ? v
        : (i + (3 * s))
            % 7 switch
            {
                0 => double.NaN,
                1 when i % 3 == 0 => double.PositiveInfinity,
                _ when i == 9 => double.NaN,
                _ => v,
            }).ToArray())];

    /// <summary>After how many reports each curve stopped; all of them when it was not pruned. Steps
    /// count from 1.</summary>
    public IReadOnlyList<int> Run(double[][] curves, int parallel)
    {
        var stops = new int[curves.Length];
        var running = new Queue<int>();
        int next = 0;
        while (next < curves.Length || running.Count > 0)
        {
            for (; next < curves.Length && running.Count < parallel; next++)
            {
                history.Add(new()
                {
                    Number = next,
                    State = TrialState.Running,
                    Attempt = 1,
                });
                running.Enqueue(next);
            }

            int number = running.Dequeue();
            var record = history.Trials[number];
            var report = new Report(record.Reports.Count + 1, curves[number][record.Reports.Count]);
            record = record with { Reports = [.. record.Reports, report] };
            history.Add(record);
            stops[number] = record.Reports.Count;
            Asking?.Invoke(history, record);
            bool prune = pruner.ShouldPrune(history, record);
            Asked?.Invoke(history, record, prune);
            if (prune || record.Reports.Count == curves[number].Length)
            {
                history.Add(record with { State = prune ? TrialState.Pruned : TrialState.Complete, Values = [report.Value] });
            }
            else
            {
                running.Enqueue(number);
            }
        }

        return stops;
    }

    /// <summary>The same history in a new object, with the same order of finishing, as a store would give it.</summary>
    public static History Reopened(History history)
    {
        var reopened = new History(history.StudyName, history.Goals, history.Space);
        foreach (var trial in history.Trials)
        {
            reopened.Add(trial.IsFinished ? trial with { State = TrialState.Waiting } : trial);
        }

        foreach (var trial in history.Finished)
        {
            reopened.Add(trial);
        }

        return reopened;
    }

    private static double[][] Curves()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 24).Select(_ =>
        {
            double end = random.NextDouble(), start = random.NextDouble(), rate = 0.05 + random.NextDouble();
            return Enumerable.Range(1, 20).Select(s => end + (start * Math.Exp(-rate * s)) + (0.05 * random.NextDouble())).ToArray();
        })];
    }
}

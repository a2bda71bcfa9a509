using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.GaussianProcess;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>Where the finished trials of a study that have all of some parameters lie in their space: the best
/// and the latest.</summary>
/// <param name="history">The study.</param>
/// <param name="space">The parameters.</param>
/// <param name="cap">How many trials beside the best are kept.</param>
internal sealed class Observations(History history, IReadOnlyList<KeyValuePair<string, Distribution>> space, int cap)
{
    private readonly Ranking ranking = Ranking.Of(history.Goals);
    private readonly List<(int Number, double[] Positions)> latest = [];
    private readonly FeasibilityMemory outcomes = new([.. space.Select(p => p.Value is Choice)], MostOutcomes);
    // A fit of the model of failures takes the cube of it.
    private const int MostOutcomes = 100;
    private int read;

    /// <summary>How many trials have values to learn from.</summary>
    public int Count => ranking.Count;

    /// <summary>How many trials have finished, those that lost their workers left out.</summary>
    public int Finished => outcomes.Count;

    /// <summary>Where trials fail; <see langword="null"/> when failures have no place.</summary>
    public Feasibility? Feasibility => outcomes.After(outcomes.Count);

    /// <summary>Reads the trials that have finished since the last call.</summary>
    public void Read()
    {
        for (; read < history.Finished.Count; read++)
        {
            var trial = history.Finished[read];
            if (Positions(trial) is not { } positions)
            {
                continue;
            }

            bool told = ranking.Add(trial);
            if (told)
            {
                Add(trial.Number, positions);
            }

            if (told || trial is { State: TrialState.Failed, IsLost: false })
            {
                outcomes.Add(positions, !told);
            }
        }
    }

    /// <summary>The good trials and the latest of the others, at most as many as the cap, each in
    /// order of number.</summary>
    /// <param name="running">Trials that run and count as others.</param>
    public (List<double[]> Good, List<double[]> Others) Split(IEnumerable<TrialRecord> running)
    {
        var best = ranking.Best(BestShare.Of(Count)).OrderBy(t => t.Number).ToList();
        var numbers = best.Select(t => t.Number).ToHashSet();
        var others = new List<(int Number, double[] Positions)>(Math.Min(cap, latest.Count));
        for (int i = latest.Count - 1; i >= 0 && others.Count < cap; i--)
        {
            if (!numbers.Contains(latest[i].Number))
            {
                others.Add(latest[i]);
            }
        }

        others.Reverse();
        foreach (var trial in running)
        {
            if (Positions(trial) is { } positions)
            {
                Insert(others, trial.Number, positions);
            }
        }

        return ([.. best.Select(t => Positions(t)!)], others.ConvertAll(o => o.Positions));
    }

    // Nothing for a trial that lacks one of the parameters.
    private double[]? Positions(TrialRecord trial)
    {
        var positions = new double[space.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            var (name, distribution) = space[i];
            if (!trial.Numbers.TryGetValue(name, out double number) || !distribution.Contains(number))
            {
                return null;
            }

            positions[i] = KernelAxis.Position(distribution, number);
        }

        return positions;
    }

    private void Add(int number, double[] positions)
    {
        Insert(latest, number, positions);
        int enough = cap + BestShare.Most;
        if (latest.Count >= 2 * enough)
        {
            latest.RemoveRange(0, latest.Count - enough);
        }
    }

    // Numbers come nearly in order: it is found from the end.
    private static void Insert(List<(int Number, double[] Positions)> rows, int number, double[] positions)
    {
        int at = rows.Count;
        while (at > 0 && rows[at - 1].Number > number)
        {
            at--;
        }

        rows.Insert(at, (number, positions));
    }
}

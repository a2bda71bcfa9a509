using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search.Samplers.Tpe;

/// <summary>Where the finished trials of a study lie in a space of parameters; of those that have all of them the latest.</summary>
/// <param name="space">The parameters.</param>
/// <param name="cap">How many trials are to be had beside the best.</param>
internal sealed class Observations(IReadOnlyList<KeyValuePair<string, Distribution>> space, int cap)
{
    private readonly List<(int Number, double[] Positions)> latest = [];
    private int read;

    /// <summary>Reads the trials that have finished since the last call.</summary>
    public void Read(History history)
    {
        for (; read < history.Finished.Count; read++)
        {
            var trial = history.Finished[read];
            if (Standing.Of(trial, history.Directions) is not null && Positions(trial) is { } positions)
            {
                Add(trial.Number, positions);
            }
        }
    }

    /// <summary>The latest trials without some, in order of number; at most as many as the cap.</summary>
    public List<(int Number, double[] Positions)> Without(HashSet<int> numbers)
    {
        var rows = new List<(int Number, double[] Positions)>(Math.Min(cap, latest.Count));
        for (int i = latest.Count - 1; i >= 0 && rows.Count < cap; i--)
        {
            if (!numbers.Contains(latest[i].Number))
            {
                rows.Add(latest[i]);
            }
        }

        rows.Reverse();
        return rows;
    }

    /// <summary>Where a trial lies; <see langword="null"/> when it lacks one of the parameters.</summary>
    public double[]? Positions(TrialRecord trial)
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
        // Trials finish nearly in order of number.
        int at = latest.Count;
        while (at > 0 && latest[at - 1].Number > number)
        {
            at--;
        }

        latest.Insert(at, (number, positions));
        int enough = cap + BestShare.Most;
        if (latest.Count >= 2 * enough)
        {
            latest.RemoveRange(0, latest.Count - enough);
        }
    }
}

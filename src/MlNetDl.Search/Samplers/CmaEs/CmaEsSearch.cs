using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.CmaEs;

/// <summary>CMA-ES over the trials of one study: reads them in order of finishing and closes a generation whenever
/// enough have come.</summary>
internal sealed class CmaEsSearch
{
    // A neighbour 0.5 of a part away is 2.5 deviations off: it is met by about 1 sample in 80.
    private const double LeastDeviationInParts = 0.2;

    private readonly CmaEsSampler sampler;
    private readonly SpaceAxes axes;
    private readonly IReadOnlyList<Goal> goals;
    private readonly List<(Standing Standing, double[] Position)> pending = [];
    private readonly List<(int, double, double)> bests = [];
    private CmaEsState state;
    private int read, restarts;

    public CmaEsSearch(CmaEsSampler sampler, SpaceAxes axes, IReadOnlyList<Goal> goals)
    {
        (this.sampler, this.axes, this.goals) = (sampler, axes, goals);
        state = Start(sampler.PopulationSize ?? CmaEsConstants.DefaultPopulation(axes.Count), [.. Enumerable.Repeat(0.5, axes.Count)]);
    }

    /// <summary>How many trials it has learnt from.</summary>
    public int Learnt { get; private set; }

    public SpaceAxes Axes => axes;

    /// <summary>Learns from trials with numbers from <paramref name="from"/> on.</summary>
    public void Read(IReadOnlyList<TrialRecord> finished, int from = 0)
    {
        for (; read < finished.Count; read++)
        {
            var trial = finished[read];
            if (trial.Number >= from && Standing.Of(trial, goals) is { } standing && axes.Position(trial) is { } position)
            {
                Learnt++;

                // A sample of this generation counts as it was drawn, whole numbers before rounding, and clipped to what other
                // parameters leave. All others are injected: enqueued, random, or late ones of an earlier generation.
                double[] place = axes.Taken(trial, Propose(trial.Number)) ?? state.Injected(position);
                pending.Add((standing, place));
                if (pending.Count == state.Constants.PopulationSize)
                {
                    Close();
                }
            }
        }
    }

    /// <summary>A sample within the unit cube: drawn anew while outside, 10 times the dimensions at
    /// most, then clipped.</summary>
    public double[] Propose(int trial)
    {
        var random = new TrialRandom(sampler.Seed, trial, "cmaEs");
        double[] position = state.Sample(random);
        for (int i = 0; i < 10 * axes.Count && Array.Exists(position, p => p is < 0 or > 1); i++)
        {
            position = state.Sample(random);
        }

        return Array.ConvertAll(position, p => Math.Clamp(p, 0, 1));
    }

    private static CmaEsState Start(int population, double[] mean) => new(new(mean.Length, population), mean, 1.0 / 6);

    private void Close()
    {
        pending.Sort((a, b) => a.Standing.CompareTo(b.Standing));
        state.Update([.. pending.Select(p => p.Position)]);
        state.Bound([.. state.Mean.Select((m, i) => LeastDeviationInParts * axes.Width(i, m))], most: 1);
        bests.Add(Rank(pending[0].Standing));
        bool flat = pending.TrueForAll(p => Rank(p.Standing) == bests[^1]);
        pending.Clear();
        if (Stagnates(flat))
        {
            bests.Clear();
            restarts++;
            var random = new TrialRandom(sampler.Seed, restarts, "cmaEs restart");
            state = Start(
                (int)Math.Ceiling(state.Constants.PopulationSize * sampler.PopulationGrowth),
                [.. Enumerable.Range(0, axes.Count).Select(_ => random.NextDouble())]);
        }
    }

    // How good a trial is, whichever it is.
    private static (int Class, double First, double Second) Rank(Standing standing) => (standing.Class, standing.First, standing.Second);

    // Auger and Hansen 2005, section 2: no change for 10 + ⌈30 n / λ⌉ generations, no room left to move, or a
    // covariance near singular. Other than there it must be the same value for all of the last generation too: a search
    // on a plateau of whole numbers or clipped values would start anew else while its other members still lead on.
    private bool Stagnates(bool flat)
    {
        int window = 10 + (int)Math.Ceiling(30.0 * axes.Count / state.Constants.PopulationSize);
        bool unchanged = flat && bests.Count >= window && bests.TakeLast(window).Distinct().Count() == 1;
        return unchanged || state.Condition > 1e14 || Enumerable.Range(0, axes.Count).All(i => state.Deviation(i) < 1e-12);
    }
}

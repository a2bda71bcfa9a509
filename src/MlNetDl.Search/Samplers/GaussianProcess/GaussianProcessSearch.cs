using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The sampler's knowledge of one study, rebuilt from its trials.</summary>
internal sealed class GaussianProcessSearch(GaussianProcessSampler sampler, SpaceAxes axes, Goal goal)
{
    private readonly List<(TrialRecord Trial, double[] Position)> trials = [];
    private readonly FeasibilityMemory outcomes = new(axes.IsChoice, sampler.MaxObservations);
    private KernelParameters? kernel;
    private int read, fitted, enough;
    private bool isPart;

    /// <summary>How many trials have finished, those that lost their workers left out.</summary>
    public int Learnt => trials.Count;

    public SpaceAxes Axes => axes;

    public void Read(IReadOnlyList<TrialRecord> finished)
    {
        for (; read < finished.Count; read++)
        {
            var trial = finished[read];
            isPart |= trial.State == TrialState.Complete && axes.IsPartOf(trial);
            if (!trial.IsLost && axes.PositionFilled(trial) is { } position)
            {
                trials.Add((trial, position));
                outcomes.Add(position, trial.State == TrialState.Failed);
                enough = enough == 0 && Observed.IsUsable(trial, goal) ? trials.Count : enough;
            }
        }
    }

    /// <summary>The next point; <see langword="null"/> while there is no value to learn from, or when all points have
    /// been tried and trials differ by other parameters.</summary>
    /// <param name="random">The generator that draws candidates.</param>
    /// <param name="running">Other trials that run now.</param>
    /// <param name="held">Coordinates that are given; none by default.</param>
    public double[]? Propose(TrialRandom random, IEnumerable<TrialRecord> running, double?[]? held = null)
    {
        if (enough == 0)
        {
            return null;
        }

        Fit();
        var feasibility = outcomes.After(trials.Count);
        var (told, silent) = Split(trials, feasibility);
        var observed = Observed.Of(told, goal, sampler.MaxObservations, axes.Branch);
        double[][] points = observed.Points;
        double[] losses = observed.Losses;
        var posterior = new Posterior(points, losses, axes.IsChoice, kernel!);
        double[][] pending = [.. running.Select(axes.Position).OfType<double[]>()];
        var (bestPoint, best) = (points[observed.Best], losses[observed.Best]);
        var incumbents = points.Zip(losses).OrderBy(p => observed.Converted(p.Second, p.First, bestPoint)).Select(p => p.First).ToList();
        if (pending.Length > 0)
        {
            // Running trials are taken to give what is expected (the kriging believer of Ginsbourger, Le Riche and
            // Carraro 2010), so that workers look elsewhere.
            double[] believed = [.. pending.Select(p => posterior.At(p).Mean)];
            posterior = new([.. points, .. pending], [.. losses, .. believed], axes.IsChoice, kernel!);
            best = Math.Min(best, pending.Zip(believed).Min(p => observed.Converted(p.Second, p.First, bestPoint)));
        }

        // Trials may have parameters besides these whose condition is unknown. One of these may decide on them, so a
        // value that was bad so far may hold the best trial.
        return new AcquisitionSearch(axes, posterior, p => (observed.Converted(best, bestPoint, p), observed.UnitAt(p)))
        {
            Feasibility = feasibility,
            Failed = silent,
            Held = held ?? new double?[axes.Count],
        }.Search(random, incumbents, mayRepeat: !isPart);
    }

    // The kernel changes slowly: it is fitted to the first m trials, m a multiple of an eighth of all, or as many as it
    // takes for a value, so that it follows from the history and not from when it was asked.
    private void Fit()
    {
        int until = Math.Max(FeasibilityMemory.Block(trials.Count), enough);
        if (kernel is null || until != fitted)
        {
            var told = Split(trials[..until], outcomes.After(until)).Told;
            var observed = Observed.Of(told, goal, sampler.MaxObservations, axes.Branch);
            kernel = KernelFit.Fit(observed.Points, observed.Losses, axes.IsChoice);
            kernel = kernel with { Noise = kernel.Noise + KernelFit.LeastNoise };
            fitted = until;
        }
    }

    // Trials that failed where failures are to be expected tell of a bad region. The others failed by chance, or at the
    // edge of such a region, and tell nothing of the values around them.
    private static (List<(TrialRecord Trial, double[] Position)> Told, List<double[]> Silent) Split(
        List<(TrialRecord Trial, double[] Position)> all, Feasibility? feasibility)
    {
        var foretold = feasibility?.Foretold() ?? [];
        var told = all.ToLookup(t => t.Trial.State != TrialState.Failed || foretold.Contains(t.Position));
        return ([.. told[true]], [.. told[false].Select(t => t.Position)]);
    }
}

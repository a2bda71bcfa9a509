using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The sampler's knowledge of one study, rebuilt from its trials.</summary>
internal sealed class GaussianProcessSearch(GaussianProcessSampler sampler, SpaceAxes axes, Goal goal, bool branchesApart)
{
    private readonly List<(TrialRecord Trial, double[] Position)> trials = [];
    private KernelParameters? kernel;
    private int read, fitted, enough;
    private bool isPart;

    /// <summary>How many trials did not fail.</summary>
    public int Learnt { get; private set; }

    public SpaceAxes Axes => axes;

    /// <summary>Whether there are branches, and what decides on them is none of the axes.</summary>
    public bool BranchesApart => branchesApart;

    public void Read(IReadOnlyList<TrialRecord> finished)
    {
        for (; read < finished.Count; read++)
        {
            var trial = finished[read];
            isPart |= trial.State == TrialState.Complete && axes.IsPartOf(trial);
            if (axes.PositionFilled(trial) is { } position)
            {
                trials.Add((trial, position));
                enough = enough == 0 && Observed.IsUsable(trial, goal) ? trials.Count : enough;
                Learnt += trial.State == TrialState.Failed ? 0 : 1;
            }
        }
    }

    /// <summary>The next point; <see langword="null"/> while there is no value to learn from, or when all points have
    /// been tried and trials differ by other parameters.</summary>
    public double[]? Propose(TrialRandom random, IEnumerable<TrialRecord> running)
    {
        if (enough == 0)
        {
            return null;
        }

        Fit();
        var observed = Observed.Of(trials, goal, sampler.MaxObservations);
        double[][] points = observed.Points;
        double[] losses = observed.Losses;
        var posterior = new Posterior(points, losses, axes.IsChoice, kernel!);
        double[][] pending = [.. running.Select(axes.Position).OfType<double[]>()];
        double best = losses.Min();
        var incumbents = points.Zip(losses).OrderBy(p => p.Second).Select(p => p.First).ToList();
        if (pending.Length > 0)
        {
            // Running trials are taken to give what is expected (the kriging believer of Ginsbourger, Le Riche and
            // Carraro 2010), so that workers look elsewhere.
            double[] believed = [.. pending.Select(p => posterior.At(p).Mean)];
            posterior = new([.. points, .. pending], [.. losses, .. believed], axes.IsChoice, kernel!);
            best = Math.Min(best, believed.Min());
        }

        // Trials may have parameters besides these whose condition is unknown. One of these may decide on them, so a
        // value that was bad so far may hold the best trial.
        return new AcquisitionSearch(axes, posterior, best).Search(random, incumbents, mayRepeat: branchesApart || !isPart);
    }

    // The kernel changes slowly: it is fitted to the first m trials, m a multiple of an eighth of all, or as many as it
    // takes for a value, so that it follows from the history and not from when it was asked.
    private void Fit()
    {
        int block = Math.Max(1, trials.Count / 8), until = Math.Max(trials.Count / block * block, enough);
        if (kernel is null || until != fitted)
        {
            var observed = Observed.Of(trials[..until], goal, sampler.MaxObservations);
            kernel = KernelFit.Fit(observed.Points, observed.Losses, axes.IsChoice);
            kernel = kernel with { Noise = kernel.Noise + KernelFit.LeastNoise };
            fitted = until;
        }
    }
}

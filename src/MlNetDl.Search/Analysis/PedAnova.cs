using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Analysis;

/// <summary>Which parameters decide whether a trial is among the best: PED-ANOVA (Watanabe, Bansal and
/// Hutter 2023, arXiv:2304.10255).</summary>
/// <remarks>
/// <para>The importance of a parameter is the Pearson divergence, Σ p(x) (q(x)/p(x) − 1)², of the density q of the best
/// trials from the density p of all (the paper's importance in a local space, all trials being that space), both by
/// <see cref="ScottDensity"/>. Fast, needs ranks only (infinite values count), and follows the trials where the sampler
/// went. Infeasible trials rank after all feasible ones, by how much they violate.</para>
/// <para>A parameter that exists in some trials only is judged among these. To be comparable its divergence is
/// multiplied by s·b², s the share of trials that have it and b the share of the best among them: then it is the
/// variance that the parameter gives to "is among the best" over all trials. For parameters that all trials have, s·b²
/// is the same, so it does not change their shares.</para>
/// </remarks>
public sealed record PedAnova : ImportanceEvaluator
{
    internal const string Method = "PED-ANOVA";

    private const int FewestBest = 2;

    /// <summary>Which share of the trials are the best; above 0 to below 1. 0.1 by default, as in Optuna; at
    /// least two trials.</summary>
    public double Quantile { get; init; } = 0.1;

    /// <summary>Into how many cells a range is cut; 2 or more. 50 by default, as in Optuna.</summary>
    public int Cells { get; init; } = 50;

    /// <inheritdoc/>
    public override ParameterImportances Evaluate(History history, int objective = 0)
    {
        if (!(Quantile > 0 && Quantile < 1))
        {
            throw new ArgumentException($"quantile must be above 0 and below 1 but is {AnalysisTable.Text(Quantile)}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Cells, 2);
        var observations = Observation.Of(history, objective);
        var axis = ObjectiveAxis.Of(history, objective);
        var notes = new List<string>();
        var parameters = ParameterAxis.Searched(history).Where(p => !p.Value.IsSingle).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        if (observations.Count <= FewestBest)
        {
            notes.Add($"There are {observations.Count} complete trials; importances need {FewestBest + 1} or more.");
            return new(
                Method,
                axis,
                [.. parameters.Select(p => new ParameterImportance(
                    p.Key, 0, null, observations.Count(o => o.Trial.Numbers.ContainsKey(p.Key))))],
                notes);
        }

        (double, double) Rank(Observation o) => o.Trial.IsFeasible ? (0, axis.Cost(o.Value)) : (Standing.Violation(o.Trial), 0);
        var ranks = observations.Select(Rank).Order().ToList();
        var cutoff = ranks[Math.Max(FewestBest, (int)Math.Ceiling(Quantile * ranks.Count)) - 1];
        bool IsBest(Observation o) => Rank(o).CompareTo(cutoff) <= 0;
        return ParameterImportances.Normalized(
            Method, axis, parameters.Select(p => Importance(p.Key, p.Value, observations, IsBest)), notes) with
        {
            // Trials that are as good as the last of the best are among them.
            Basis = $"the best {observations.Count(IsBest)} of {observations.Count} complete trials against all of them",
        };
    }

    private ParameterImportance Importance(
        string name, Distribution distribution, IReadOnlyList<Observation> observations, Func<Observation, bool> isBest)
    {
        var having = observations.Where(o => o.Trial.Numbers.ContainsKey(name)).ToList();
        var best = having.Where(isBest).Select(o => o.Trial.Numbers[name]).ToList();
        if (best.Count == 0)
        {
            return new(name, 0, null, having.Count);
        }

        var ofBest = ScottDensity.Of(distribution, best, Cells);
        var ofAll = ScottDensity.Of(distribution, [.. having.Select(o => o.Trial.Numbers[name])], Cells);
        double divergence = 0;
        for (int i = 0; i < ofAll.Length; i++)
        {
            double ratio = (ofBest[i] / ofAll[i]) - 1;
            divergence += ofAll[i] * ratio * ratio;
        }

        double share = (double)having.Count / observations.Count, rate = (double)best.Count / having.Count;
        return new(name, share * rate * rate * divergence, null, having.Count);
    }
}

using System.Globalization;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Analysis;

/// <summary>Which share of the objective's variance over the space each parameter alone explains: functional ANOVA
/// (Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance").</summary>
/// <remarks>
/// <para>A random forest is fitted to the complete trials; each of its trees is constant on boxes, so a parameter's
/// marginal, the mean over all others, and its variance are exact sums over the boxes (section 3 of the paper). The
/// space is measured by its distributions: logarithms where it is logarithmic, options equally likely. What the
/// parameters together leave unexplained belongs to interactions.</para>
/// <para>The forest is the paper's, with the settings of Optuna: trees on as many trials as there are, drawn with
/// replacement, grown until leaves are pure, every parameter tried at every split. Such trees split by the strongest
/// parameters first and have few trials left for weak ones, whose effect then looks like an interaction. So
/// <see cref="ParameterImportance.VarianceShare"/> is about right for the strongest parameters and too small for weak
/// ones, and <see cref="ParameterImportance.Importance"/>, which is made to sum to 1 over the parameters alone, is too
/// large for the strongest. For a sum of eight parameters, whose first has 37 % of the variance, 200 trials give this
/// one a variance share of 38 % and an importance of 54 %. The order can be trusted more than the amounts.</para>
/// <para>All shares are of the forest's own variance. <see cref="ParameterImportances.RSquared"/> says how much the
/// forest knows: each trial is predicted by the trees that were grown without it. At 0 or less the forest has learnt
/// noise only, and a note says that its importances mean nothing.</para>
/// <para>Parameters that some of the complete trials lack have no marginal over the whole space. They are left out and
/// named (<see cref="ParameterImportances.LeftOut"/>); <see cref="PedAnova"/> judges them. Infinite values, and those
/// beyond ±1e100, are left out and noted.</para>
/// </remarks>
public sealed record FunctionalAnova : ImportanceEvaluator
{
    internal const string Method = "fANOVA";

    private const int FewestTrials = 4;

    /// <summary>How many trees the forest has; 1 or more. 64 by default, as in Optuna: more change shares by less
    /// than trials do.</summary>
    public int Trees { get; init; } = 64;

    /// <summary>The depth at which trees end; 1 or more. 64 by default, as in Optuna: in effect none.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>From how many trials trees grow; 4 or more. 1,000 by default, evenly picked by number when there are
    /// more: the forest's shares are settled by then, and time grows with trials.</summary>
    public int MaxTrials { get; init; } = 1000;

    /// <summary>The seed of the forest's random numbers; 1 by default.</summary>
    public int Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override ParameterImportances Evaluate(History history, int objective = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Trees, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTrials, FewestTrials);
        var notes = new List<string>();
        var observations = Observation.Of(history, objective);
        var finite = observations.Where(o => Extremes.IsWithin(o.Value)).ToList();
        if (finite.Count < observations.Count)
        {
            notes.Add($"{observations.Count - finite.Count} trials with infinite values are left out"
                + $"{(observations.Any(o => double.IsFinite(o.Value) && !Extremes.IsWithin(o.Value)) ? "; values beyond ±1e100 count as such" : "")}.");
        }

        var open = ParameterAxis.Searched(history).Where(p => !p.Value.IsSingle).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var common = open.Where(p => finite.All(o => o.Trial.Numbers.ContainsKey(p.Key))).ToList();
        string[] leftOut = [.. open.Except(common).Select(p => p.Key)];
        if (leftOut.Length > 0)
        {
            notes.Add($"Left out, because only some trials have them: {string.Join(", ", leftOut)}.");
        }

        if (finite.Count < FewestTrials)
        {
            notes.Add($"There are {finite.Count} complete trials with finite values; importances need {FewestTrials} or more.");
            return new(
                Method,
                ObjectiveAxis.Of(history, objective),
                [.. common.Select(p => new ParameterImportance(p.Key, 0, null, finite.Count))],
                notes)
            {
                LeftOut = leftOut,
            };
        }

        var picked = finite.Count <= MaxTrials
            ? finite
            : [.. Enumerable.Range(0, MaxTrials).Select(i => finite[(int)((long)i * finite.Count / MaxTrials)])];
        var (shares, known) = Shares(
            [.. common.Select(p => p.Value)],
            [.. picked.Select(o => common.Select(p => Place(p.Value, o.Trial.Numbers[p.Key])).ToArray())],
            [.. picked.Select(o => o.Value)]);
        if (known <= 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The forest predicts trials that its trees have not seen "
                + $"no better than the mean of all values does (R² {known:0.00}): these importances mean nothing."));
        }

        return ParameterImportances.Normalized(Method, ObjectiveAxis.Of(history, objective),
            common.Select((p, i) => new ParameterImportance(p.Key, shares[i], shares[i], picked.Count)), notes) with
        {
            Basis = Words(known, shares.Sum()),
            RSquared = known,
            LeftOut = leftOut,
        };
    }

    private static string Words(double? known, double alone) => known switch
    {
        null => "",
        <= 0 => string.Create(CultureInfo.InvariantCulture, $"R² {known:0.00} on unseen trials: these importances mean nothing"),
        _ => string.Create(CultureInfo.InvariantCulture,
            $"R² {known:0.00} on unseen trials; single parameters have {alone:0%} of the forest's variance"),
    };

    private static double Place(Distribution distribution, double number) => distribution is Choice ? number : distribution.ToUnit(number);

    /// <summary>The mean over trees of the share of variance that each parameter explains, and R² on unseen trials.</summary>
    private (double[] Shares, double? RSquared) Shares(IReadOnlyList<Distribution> parameters, double[][] rows, double[] values)
    {
        var unseen = new OutOfBag(rows, values);
        int[] options = [.. parameters.Select(p => p is Choice choice ? choice.Count : 0)];
        var sums = new double[parameters.Count];
        int varied = 0;
        for (int t = 0; t < Trees; t++)
        {
            // Each tree sees as many trials as there are, drawn with replacement.
            var random = new TrialRandom(Seed, t, "forest");
            int[] drawn = [.. rows.Select(_ => random.Next(rows.Length))];
            var leaves = new TreeGrower(
                options, [.. drawn.Select(i => rows[i])], [.. drawn.Select(i => values[i])], MaxDepth, random)
                .Grow();
            unseen.Add(leaves, drawn);
            var marginals = new TreeMarginals(options, leaves);
            if (!(marginals.Variance > 0))
            {
                continue;
            }

            varied++;
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] += marginals.VarianceOf(p) / marginals.Variance;
            }
        }

        return ([.. sums.Select(s => varied == 0 ? 0 : s / varied)], unseen.RSquared());
    }
}

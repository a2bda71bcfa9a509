using System.Globalization;
using MathNet.Numerics;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Statistics;

/// <summary>Whether one of two configurations, samplers or pruners is better: a test, an effect size, an interval, and
/// the same in words.</summary>
/// <example><code>
/// var comparison = Comparison.Of("A", a, "B", b, Goal.Maximize);
/// Console.WriteLine(comparison); // A is better than B: mean difference 0.8 [0.3, 1.3], 95 %; Wilcoxon signed-rank p = 0.004, n = 20;
/// rank-biserial correlation 0.71
/// </code></example>
public sealed record Comparison
{
    /// <summary>Name of the first.</summary>
    public required string A { get; init; }

    /// <summary>Name of the second.</summary>
    public required string B { get; init; }

    /// <summary>Which values are better.</summary>
    public required Goal Goal { get; init; }

    /// <summary>The two-sided test.</summary>
    public required TestResult Test { get; init; }

    /// <summary>The size of the effect; positive when the first has greater values.</summary>
    public required EffectSize Effect { get; init; }

    /// <summary>Mean of the first less mean of the second, with its confidence interval.</summary>
    public required MeanInterval Difference { get; init; }

    /// <summary>The name of the better one; <see langword="null"/> when no difference could be shown: p is not below
    /// 1 − confidence.</summary>
    public string? Better => !(Test.PValue < 1 - Difference.Confidence) ? null : FirstIsBetter ? A : B;

    /// <summary>Whether all differences between the two are the same and not zero, to twelve digits. Test and effect
    /// then say that there is no doubt, but rather something that should vary does not: a seed that does not reach
    /// the training, say.</summary>
    public bool IsWithoutSpread { get; init; }

    private bool FirstIsBetter => Goal.Loss(Effect.Value) < 0;

    /// <summary>Compares pairs, such as runs with the same seeds.</summary>
    /// <param name="nameA">What the first is called.</param>
    /// <param name="a">Its values, one for each seed.</param>
    /// <param name="nameB">What the second is called.</param>
    /// <param name="b">Its values for the same seeds, in the same order.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default, which also sets the level of the test.</param>
    /// <remarks>By the Wilcoxon signed-rank test and the rank-biserial correlation where these could show anything: of
    /// n pairs that differ the smallest p is 2¹⁻ⁿ, so from six on at 95 %. With fewer it is the paired t test and
    /// Cohen's d of pairs. The interval is Student's.</remarks>
    /// <exception cref="ArgumentException">There are fewer than two pairs, values without a partner, or values that
    /// are not finite.</exception>
    public static Comparison Of(
        string nameA,
        IReadOnlyList<double> a,
        string nameB,
        IReadOnlyList<double> b,
        Goal goal,
        double confidence = 0.95)
    {
        double[] differences = RankStatistics.Differences(a, b);
        RankStatistics.Check(differences, 2, nameof(a));
        bool ranks = Math.Pow(2, 1 - differences.Count(d => d != 0)) < 1 - confidence;
        return new()
        {
            A = nameA,
            B = nameB,
            Goal = goal,
            Test = ranks ? WilcoxonSignedRank.Test(differences) : PairedT.Test(differences),
            Effect = ranks ? EffectSize.RankBiserial(differences) : EffectSize.CohensDOfPairs(differences),
            Difference = MeanInterval.Of(differences, confidence),
            IsWithoutSpread = AllAlike(differences),
        };
    }

    /// <summary>Compares groups without pairs.</summary>
    /// <inheritdoc cref="Of(string, IReadOnlyList{double}, string, IReadOnlyList{double}, Goal, double)" path="/param"/>
    /// <remarks>By the Mann-Whitney U test and Cliff's delta where these could show anything: of m and n values the
    /// smallest p is two of all their orders, as three against three give 0.1. With fewer it is Welch's t test and
    /// Cohen's d. The interval is Welch's.</remarks>
    /// <exception cref="ArgumentException">A group has fewer than two values, or some are not finite.</exception>
    public static Comparison OfUnpaired(
        string nameA,
        IReadOnlyList<double> a,
        string nameB,
        IReadOnlyList<double> b,
        Goal goal,
        double confidence = 0.95)
    {
        bool ranks = 2 / SpecialFunctions.Binomial(a.Count + b.Count, a.Count) < 1 - confidence;
        return new()
        {
            A = nameA,
            B = nameB,
            Goal = goal,
            Test = ranks ? MannWhitney.Test(a, b) : WelchT.Test(a, b),
            Effect = ranks ? EffectSize.CliffsDelta(a, b) : EffectSize.CohensD(a, b),
            Difference = MeanInterval.OfDifference(a, b, confidence),
            IsWithoutSpread = AllAlike([.. a.Select(v => v - b[0]), .. b.Select(v => a[0] - v)]),
        };
    }

    /// <summary>Compares two trials by what they reported at the same steps; see <see cref="Repeat"/>.</summary>
    /// <param name="a">The first trial.</param>
    /// <param name="b">The second trial.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default.</param>
    /// <exception cref="ArgumentException">They have fewer than two steps in common, or values that
    /// are not finite.</exception>
    public static Comparison Of(TrialRecord a, TrialRecord b, Goal goal, double confidence = 0.95)
    {
        var pairs = ReportPairs.Of(a.Reports, b.Reports);
        if (pairs.Count < 2)
        {
            throw new ArgumentException($"trials {a.Number} and {b.Number} have {pairs.Count} steps in common; a "
                + "comparison takes 2 or more. Run both over the same seeds.");
        }

        return Of(
            $"trial {a.Number}",
            [.. pairs.Select(p => p.A)],
            $"trial {b.Number}",
            [.. pairs.Select(p => p.B)],
            goal,
            confidence);
    }

    /// <summary>The result in words, difference and effect in favour of the better one, or of the first when neither
    /// is; with a question where every difference is the same (<see cref="IsWithoutSpread"/>).</summary>
    public override string ToString()
    {
        bool first = Better is null || FirstIsBetter;
        bool turn = Better is not null && Effect.Value < 0;
        var difference = turn ? Difference.Negated() : Difference;
        string head = Better is null ? $"no difference could be shown between {A} and {B}"
            : first ? $"{A} is better than {B}"
            : $"{B} is better than {A}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{head}: mean difference {difference}, {100 * Difference.Confidence:G4} %; {Test.Test} p "
                + $"{P(Test.PValue)}, n = {Test.Count}; {Effect.Name} {(turn ? -Effect.Value : Effect.Value):F2}"
                + $"{(IsWithoutSpread ? "; every difference is the same: does the seed reach the training?" : "")}");
    }

    private static bool AllAlike(double[] differences) => differences[0] != 0
        && differences.All(d => Math.Abs(d - differences[0]) <= 1e-12 * Math.Abs(differences[0]));

    private static string P(double value) => value < 0.001 ? "< 0.001" : string.Create(CultureInfo.InvariantCulture, $"= {value:G2}");
}

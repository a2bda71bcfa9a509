using System.IO.Hashing;
using System.Text;
using MlNetDl.Configuration;

namespace MlNetDl.Search.Pruners;

/// <summary>Hyperband (Li et al. 2018, "Hyperband: A novel bandit-based approach to hyperparameter optimization", JMLR
/// 18, algorithm 1) over asynchronous successive halving: trials are spread over brackets that begin to halve earlier
/// or later, as no one knows how early values tell.</summary>
/// <remarks>
/// <para>A trial's bracket follows from the study's name and its number alone: crc32("{study}_{number}") over shares
/// ⌈B·ηˢ/(s + 1)⌉, as in Optuna, so that it survives a restart and needs no table.</para>
/// <para>A trial is compared within its bracket only. Samplers see the trials of all brackets.</para>
/// <para>Steps are the resource: count epochs from 1. A NaN at a rung stops the trial. A trial that has come to R is
/// not stopped, because that would save nothing. Where R is not given, the last step of the longest complete trial
/// takes its place; a trial that goes beyond it is judged again.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("hyperband", pruner: new HyperbandPruner { MinResource = 1, MaxResource = 27 });
/// study.Optimize(
///     trial =>
///     {
///         double x = trial.Uniform("x", -1, 1);
///         for (int epoch = 1; epoch &lt;= 27; epoch++)
///         {
///             trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch));
///         }
///
///         return Math.Abs(x);
///     },
///     trials: 60);
/// </code></example>
public sealed record HyperbandPruner : TrialPruner
{
    /// <summary>r: the step of the first rung of bracket 0; 1 or more, 1 by default.</summary>
    [AtLeast(1)]
    public long MinResource { get; init; } = 1;

    /// <summary>R: the steps of a whole trial; <see cref="MinResource"/> or more. <see langword="null"/>, the default,
    /// takes the steps of the first complete trial, counted from step 0. Until there is one, no trial is
    /// pruned.</summary>
    [AtLeast(1)]
    public long? MaxResource { get; init; }

    /// <summary>η: one in so many goes on, and the next rung is so many times as far; 2 or more, 3 by default: near e,
    /// the best in theory (section 3.6 of the paper recommends 3 or 4).</summary>
    [AtLeast(2)]
    public int ReductionFactor { get; init; } = 3;

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial)
    {
        var lengths = CompleteLengths.Of(history);
        long at = trial.Reports[^1].Step;
        if ((MaxResource ?? lengths.First) is not { } last || (MaxResource is null ? at == lengths.Longest : at >= last))
        {
            return false;
        }

        // R counts the steps of the first complete trial from 0, so that it is one more than its last step.
        var shares = Shares(MaxResource ?? (last + 1));
        int bracket = BracketOf(history.StudyName, trial.Number, shares);
        return SuccessiveHalvingPruner.Stops(
            history,
            trial,
            (this, bracket),
            MinResource,
            bracket,
            ReductionFactor,
            t => BracketOf(history.StudyName, t.Number, shares) == bracket);
    }

    /// <summary>How many trials each bracket gets, of as many as the shares sum up to; as many brackets as powers of η
    /// fit into R/r, and one.</summary>
    /// <param name="maxResource">R.</param>
    /// <remarks>Counted in whole numbers: by floating-point logarithms 243 = 3⁵ would have a bracket less.</remarks>
    public IReadOnlyList<long> Shares(long maxResource)
    {
        int brackets = 1;
        for (long left = maxResource / MinResource; left >= ReductionFactor; left /= ReductionFactor)
        {
            brackets++;
        }

        var shares = new long[brackets];
        long power = 1;
        for (int s = 0; s < brackets; s++, power *= ReductionFactor)
        {
            shares[brackets - 1 - s] = (long)Math.Ceiling((double)brackets * power / (s + 1));
        }

        return shares;
    }

    /// <summary>The bracket of a trial: 0 halves from the first rung on, the next from the second, the last one only
    /// at the end.</summary>
    public static int BracketOf(string studyName, int number, IReadOnlyList<long> shares)
    {
        long rest = Crc32.HashToUInt32(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{studyName}_{number}"))) % shares.Sum();
        int bracket = 0;
        while (rest >= shares[bracket])
        {
            rest -= shares[bracket++];
        }

        return bracket;
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        MaxResource < MinResource ? [new("maxResource", $"must be {MinResource} (minResource) or more but is {MaxResource}.")] : [];
}

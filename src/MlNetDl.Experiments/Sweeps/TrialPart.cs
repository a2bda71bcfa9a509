using System.Globalization;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>One of the trainings of a trial: a seed, or a fold of a cross-validation.</summary>
/// <param name="Folder">Its folder below that of the attempt; empty for the only one.</param>
/// <param name="Seed">The seed that it is trained with.</param>
/// <param name="Fold">The fold that is held out, from 0; <see langword="null"/> where there are no folds.</param>
internal sealed record TrialPart(string Folder, int Seed, int? Fold)
{
    /// <summary>What numbers the trainings: <c>seed</c> or <c>fold</c>.</summary>
    public string Key => Fold is null ? Repeat.SeedKey : "fold";

    /// <summary>Its number: the seed, or the fold.</summary>
    public int Number => Fold ?? Seed;

    /// <summary>The trainings of each trial of a sweep, in order.</summary>
    public static IReadOnlyList<TrialPart> Of(Sweep sweep)
    {
        var seeds = sweep.Seeds(sweep.Search.Repeat);
        return sweep.Search.Folds is { } folds
            ? [.. Enumerable.Range(0, folds).Select(fold => new TrialPart(Name("fold", fold), seeds[0], fold))]
            : seeds.Count == 1 ? [new("", seeds[0], null)]
            : [.. seeds.Select(seed => new TrialPart(Name("seed", seed), seed, null))];
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}

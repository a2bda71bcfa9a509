namespace MlNetDl.Search.Distributions;

/// <summary>Whether one distribution has all values of another, so that a study can go on with it.</summary>
internal static class WiderRange
{
    /// <summary>The distribution with which a study goes on after it was asked for another one: the wider range, or a choice
    /// with its options in their old order and the new ones behind them, so that the numbers of old trials still mean what
    /// they meant.</summary>
    /// <param name="before">The distribution of the study's trials.</param>
    /// <param name="now">The one that is asked for now, validated.</param>
    /// <returns><paramref name="before"/> where both have the same values; <see langword="null"/> where
    /// <paramref name="now"/> lacks a value, or is of another kind, step or scale.</returns>
    public static Distribution? Of(Distribution before, Distribution now) => (before, now) switch
    {
        _ when before == now => before,
        (Uniform { Step: null } b, Uniform { Step: null } n) => n.From <= b.From && b.To <= n.To ? n : null,
        (Uniform b, Uniform n) => b.Step == n.Step && n.Contains(b.From) && n.Contains(b.Last) ? n : null,
        (LogUniform b, LogUniform n) => n.From <= b.From && b.To <= n.To ? n : null,
        (Integer b, Integer n) => b.Step == n.Step && b.Log == n.Log && n.Contains(b.From) && n.Contains(b.Last) ? n : null,
        (Choice b, Choice n) => Of(b, n),
        _ => null,
    };

    /// <summary>The number that a value of one choice has in another one, where the value stands at another place. The
    /// numbers of ranges are their values.</summary>
    /// <param name="number">The number in <paramref name="from"/>.</param>
    /// <param name="from">The distribution of the number.</param>
    /// <param name="to">The distribution that is wanted; it has the value.</param>
    public static double Move(double number, Distribution from, Distribution to) =>
        from is Choice choice && to is Choice other && other.TryNumber(choice.Options[(int)number], out double moved) ? moved : number;

    private static Choice? Of(Choice before, Choice now) => before.Options.All(o => now.Options.Contains(o))
        ? now.Count == before.Count ? before : new([.. before.Options, .. now.Options.Where(o => !before.Options.Contains(o))])
        : null;
}

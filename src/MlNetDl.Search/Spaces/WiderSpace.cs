using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Whether a declared space contains another one, so that a study can go on with it.</summary>
internal static class WiderSpace
{
    /// <summary>The space with which a study goes on after it was opened with another one.</summary>
    /// <param name="before">The space of the study's trials.</param>
    /// <param name="now">The space that is asked for now, checked.</param>
    /// <returns><paramref name="before"/> where both have the same values; <see langword="null"/> where a trial of the one
    /// could not be one of the other.</returns>
    /// <remarks>Ranges may be wider and choices may have more options. A parameter may be new where it depends on an option
    /// that is new, because no old trial could have it.</remarks>
    public static SearchSpace? Of(SearchSpace before, SearchSpace now)
    {
        var kept = now.Parameters.Select(p => p.Name).Where(n => before.Find(n) is not null);
        if (!before.Constraints.Equals(now.Constraints) || !kept.SequenceEqual(before.Parameters.Select(p => p.Name)))
        {
            return null;
        }

        var parameters = new List<SearchParameter>();
        foreach (var parameter in now.Parameters)
        {
            if (before.Find(parameter.Name) is not { } old)
            {
                if (!parameter.When.Any(w => IsNew(before, w.Parameter, w.Values)))
                {
                    return null;
                }

                parameters.Add(parameter);
            }
            else if (WiderRange.Of(old.Distribution, parameter.Distribution) is { } distribution
                && (old.AtLeast, old.AtMost) == (parameter.AtLeast, parameter.AtMost)
                && IsWider(before, old.When, parameter.When))
            {
                parameters.Add(parameter with { Distribution = distribution });
            }
            else
            {
                return null;
            }
        }

        bool same = parameters.Count == before.Parameters.Count
            && parameters.Zip(before.Parameters).All(p => p.First.Distribution == p.Second.Distribution);
        return same ? before : now with { Parameters = parameters.ToValueList() };
    }

    // Conditions may name options that are new. An old option would demand the parameter of old trials.
    private static bool IsWider(SearchSpace before, ValueList<Condition> old, ValueList<Condition> now) => old.Count == now.Count
        && old.All(o => now.FirstOrDefault(n => n.Parameter == o.Parameter) is { } n
            && o.Values.All(v => n.Values.Contains(v))
            && IsNew(before, o.Parameter, n.Values.Where(v => !o.Values.Contains(v))));

    private static bool IsNew(SearchSpace before, string parameter, IEnumerable<Option> values) =>
        before.Find(parameter) is not { } old || values.All(v => !old.Distribution.TryNumber(v, out _));
}

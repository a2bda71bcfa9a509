using System.Globalization;
using MlNetDl.Naming;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Ranges that other parameters of a declared space bound (<see cref="SearchParameter.AtLeast"/>,
/// <see cref="SearchParameter.AtMost"/>).</summary>
internal static class DependentRanges
{
    /// <summary>Refuses bounds that cannot be, or that could leave a parameter without a value.</summary>
    /// <exception cref="ArgumentException">One of them is.</exception>
    public static void Check(SearchSpace space)
    {
        // The values that a parameter can reach. Its own bounds may keep it from some.
        var reach = new Dictionary<string, (double Low, double High)>();
        foreach (var parameter in space.Parameters)
        {
            var (low, high) = parameter.Distribution is Choice ? (0, 0) : NarrowedRange.Ends(parameter.Distribution);
            var above = Bound(space, parameter, parameter.AtLeast, "at least");
            var below = Bound(space, parameter, parameter.AtMost, "at most");
            if (above is not null && reach[above.Name].High > high)
            {
                throw Empty(parameter, "at least", above, reach[above.Name].High);
            }

            if (below is not null && reach[below.Name].Low < low)
            {
                throw Empty(parameter, "at most", below, reach[below.Name].Low);
            }

            if (above is not null && below is not null && !HasValueBetween(space, parameter, above, below, reach))
            {
                throw new ArgumentException($"parameter '{parameter.Name}' lies between '{above.Name}' {above.Distribution} and "
                    + $"'{below.Name}' {below.Distribution}, between which it may have no value: it is {parameter.Distribution}. Give '{below.Name}' "
                    + $"atLeast: {above.Name}, and all three the same steps.");
            }

            // The ends of what is reached lie on the steps of the parameter.
            double least = above is null ? low : Math.Max(low, reach[above.Name].Low);
            double most = below is null ? high : Math.Min(high, reach[below.Name].High);
            reach.Add(parameter.Name, NarrowedRange.Of(parameter.Distribution, least, most) is { } part && part is not Choice
                ? NarrowedRange.Ends(part)
                : (low, high));
        }
    }

    /// <summary>The values that a parameter may have beside others.</summary>
    /// <param name="space">The space.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="numbers">Numbers of parameters before it.</param>
    /// <param name="ahead">Numbers of parameters after it that are known already, as those that were enqueued are.</param>
    /// <returns>Its distribution, or a part of it; <see langword="null"/> where no value is left.</returns>
    public static Distribution? Of(
        SearchSpace space, SearchParameter parameter, IReadOnlyDictionary<string, double> numbers, IReadOnlyDictionary<string, double>? ahead)
    {
        double? least = Number(numbers, parameter.AtLeast), most = Number(numbers, parameter.AtMost);
        if (ahead is { Count: > 0 })
        {
            foreach (var other in space.Parameters)
            {
                least = other.AtMost == parameter.Name ? Largest(least, Ahead(space, other, ahead, o => o.AtMost, Largest)) : least;
                most = other.AtLeast == parameter.Name ? Smallest(most, Ahead(space, other, ahead, o => o.AtLeast, Smallest)) : most;
            }
        }

        return least is null && most is null ? parameter.Distribution : NarrowedRange.Of(parameter.Distribution, least, most);
    }

    // What a later parameter demands: its own number, or that of one that depends on it in the same direction.
    private static double? Ahead(SearchSpace space, SearchParameter parameter, IReadOnlyDictionary<string, double> ahead,
        Func<SearchParameter, string?> bound, Func<double?, double?, double?> stricter) => ahead.TryGetValue(parameter.Name, out double number)
        ? number
        : space.Parameters.Where(p => bound(p) == parameter.Name)
            .Select(p => Ahead(space, p, ahead, bound, stricter))
            .Aggregate((double?)null, stricter);

    private static double? Number(IReadOnlyDictionary<string, double> numbers, string? name) =>
        name is not null && numbers.TryGetValue(name, out double number) ? number : null;

    private static double? Largest(double? a, double? b) => a is null || b > a ? b : a;

    private static double? Smallest(double? a, double? b) => a is null || b < a ? b : a;

    private static ArgumentException Empty(SearchParameter parameter, string relation, SearchParameter bound, double end) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"parameter '{parameter.Name}' {parameter.Distribution} is {relation} '{bound.Name}', which may be {end}: {bound.Distribution}. "
                + $"Then '{parameter.Name}' has no value. Widen '{parameter.Name}' or narrow '{bound.Name}'."));

    private static SearchParameter? Bound(SearchSpace space, SearchParameter parameter, string? name, string relation)
    {
        if (name is null)
        {
            return null;
        }

        var place = $"parameter '{parameter.Name}' is {relation} '{name}'";
        if (parameter.Distribution is Choice)
        {
            throw new ArgumentException($"{place}, but is a choice, whose options have no order; only ranges have bounds.");
        }

        var earlier = space.Parameters.TakeWhile(p => p.Name != parameter.Name).ToList();
        if (earlier.Find(p => p.Name == name) is not { } bound)
        {
            throw new ArgumentException(space.Find(name) is null
                ? $"{place}, but there is no such parameter; {Nearest.Hint(name, earlier.Where(p => p.Distribution is not Choice).Select(p => p.Name))}"
                : $"{place}, which does not stand before it in the space; let '{name}' stand first, or bound that one.");
        }

        if (bound.Distribution is Choice)
        {
            throw new ArgumentException($"{place}, which is a choice, whose options have no order; a bound is a range.");
        }

        if (!Exists(space, parameter, bound))
        {
            throw new ArgumentException(
                $"{place}, which does not exist wherever '{parameter.Name}' does; give '{parameter.Name}' the conditions of '{name}' too.");
        }

        return bound;
    }

    // Whether one parameter exists wherever another one does: its conditions are among those of the other one, which the
    // parameters in those conditions have too.
    private static bool Exists(SearchSpace space, SearchParameter parameter, SearchParameter bound)
    {
        var met = new Dictionary<string, ValueList<Option>>();
        var open = new Queue<SearchParameter>([parameter]);
        while (open.TryDequeue(out var next))
        {
            foreach (var condition in next.When)
            {
                if (met.TryAdd(condition.Parameter, condition.Values))
                {
                    open.Enqueue(space.Find(condition.Parameter)!);
                }
            }
        }

        return met.ContainsKey(bound.Name) || bound.When.All(w => IsMet(w, met) || IsAlways(space, parameter, w));
    }

    private static bool IsMet(Condition condition, Dictionary<string, ValueList<Option>> met) =>
        met.TryGetValue(condition.Parameter, out var values) && values.All(v => condition.Values.Contains(v));

    // A condition that all options of a choice meet.
    private static bool IsAlways(SearchSpace space, SearchParameter parameter, Condition condition) =>
        space.Find(condition.Parameter) is { Distribution: Choice choice } other
        && choice.Options.All(o => condition.Values.Contains(o))
        && Exists(space, parameter, other);

    private static bool HasValueBetween(SearchSpace space, SearchParameter parameter, SearchParameter above, SearchParameter below,
        Dictionary<string, (double Low, double High)> reach)
    {
        if (NarrowedRange.Of(parameter.Distribution, reach[above.Name].High, reach[below.Name].Low) is not null)
        {
            return true;
        }

        // Where the one is never above the other, a value of either will do if the parameter has it.
        bool isOrdered = above.Name == below.Name || IsBelow(space, below, above.Name, p => p.AtLeast) || IsBelow(space, above, below.Name, p => p.AtMost);
        return isOrdered && (parameter.Distribution.Steps is null
            || new[] { above, below }.Any(b => WiderRange.Of(b.Distribution, parameter.Distribution) is not null));
    }

    private static bool IsBelow(SearchSpace space, SearchParameter parameter, string name, Func<SearchParameter, string?> bound) =>
        bound(parameter) is { } next && (next == name || (space.Find(next) is { } other && IsBelow(space, other, name, bound)));
}

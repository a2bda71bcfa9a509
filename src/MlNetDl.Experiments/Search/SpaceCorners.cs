using MlNetDl.Search;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Experiments;

/// <summary>The corners of a space: for each end and each option of a parameter, numbers with which a trial has it. What
/// they allow is tried before the first trial.</summary>
/// <param name="space">The space.</param>
internal sealed class SpaceCorners(SearchSpace space)
{
    // After so many steps one of a step with a fraction has one too.
    private const int MostSteps = 1000;

    // Values that meet conditions may be many, and each corner is an experiment to try.
    private const int MostTries = 1000;

    /// <summary>The numbers of all corners, with the name of the parameter. Where bounds and conditions keep that from an end,
    /// it has the nearest value that a trial can have.</summary>
    public IEnumerable<(string Parameter, IReadOnlyDictionary<string, double> Numbers)> All()
    {
        foreach (var parameter in space.Parameters)
        {
            foreach (double end in Ends(parameter.Distribution))
            {
                if (Corner(parameter, end) is { } numbers)
                {
                    yield return (parameter.Name, numbers);
                }
            }
        }
    }

    // Nothing where its conditions are never met.
    private Dictionary<string, double>? Corner(SearchParameter parameter, double end)
    {
        double wanted = parameter.Distribution.FromUnit(end);
        Dictionary<string, double>? nearest = null;
        foreach (var numbers in Tries(parameter, end).Take(MostTries).OfType<Dictionary<string, double>>())
        {
            double distance = Math.Abs(numbers[parameter.Name] - wanted);
            if (nearest is null || distance < Math.Abs(nearest[parameter.Name] - wanted))
            {
                nearest = numbers;
            }

            if (distance == 0)
            {
                break;
            }
        }

        return nearest;
    }

    // Numbers with which the parameter comes as far towards an end as it can. The parameters that bound it go to the same end,
    // and all others to their first values. Where conditions and bounds exclude each other there, other values that meet the
    // conditions and other ends are tried.
    private IEnumerable<Dictionary<string, double>?> Tries(SearchParameter parameter, double end)
    {
        var bounds = new HashSet<string>();
        Gather(parameter.Name, bounds);
        var conditions = new Dictionary<string, List<double>>();
        Need(parameter, conditions);
        foreach (var pinned in Pinned(conditions))
        {
            foreach (var (ofBounds, ofOthers) in new[] { (end, 0.0), (end, 1), (1 - end, 0), (1 - end, 1) })
            {
                yield return Numbers(pinned, name => name == parameter.Name ? end : bounds.Contains(name) ? ofBounds : ofOthers);
            }
        }
    }

    // Nothing where some parameter has no value beside the others.
    private Dictionary<string, double>? Numbers(Dictionary<string, double> pinned, Func<string, double> share)
    {
        var numbers = new Dictionary<string, double>();
        foreach (var parameter in space.Parameters.Where(p => space.IsActive(p, numbers)))
        {
            if (space.Narrowed(parameter, numbers, pinned) is not { } left
                || (pinned.TryGetValue(parameter.Name, out double given) && !left.Contains(given)))
            {
                return null;
            }

            numbers[parameter.Name] = pinned.TryGetValue(parameter.Name, out given) ? given : left.FromUnit(share(parameter.Name));
        }

        return numbers;
    }

    private void Gather(string? name, HashSet<string> names)
    {
        if (name is not null && names.Add(name) && space.Find(name) is { } parameter)
        {
            Gather(parameter.AtLeast, names);
            Gather(parameter.AtMost, names);
        }
    }

    // What a parameter depends on, with the values in which it exists.
    private void Need(SearchParameter parameter, Dictionary<string, List<double>> needed)
    {
        foreach (var condition in parameter.When)
        {
            var above = space.Find(condition.Parameter)!;
            var values = condition.Values.Select(v => above.Distribution.TryNumber(v, out double number) ? number : double.NaN).ToList();
            needed[above.Name] = needed.TryGetValue(above.Name, out var before) ? [.. before.Intersect(values)] : values;
            Need(above, needed);
        }
    }

    // All ways to meet the conditions, those with the first values first.
    private static IEnumerable<Dictionary<string, double>> Pinned(Dictionary<string, List<double>> needed)
    {
        IEnumerable<Dictionary<string, double>> all = [[]];
        foreach (var (name, values) in needed)
        {
            all = all.SelectMany(chosen => values.Select(v => new Dictionary<string, double>(chosen) { [name] = v }));
        }

        return all;
    }

    // Shares at which the ends, or the options, lie.
    private static IEnumerable<double> Ends(Distribution distribution) => distribution is Choice choice
        ? Enumerable.Range(0, choice.Count).Select(i => choice.ToUnit(i))
        : distribution.IsSingle ? [0] : distribution is Integer ? [0, 1] : [0, 1, .. Between(distribution)];

    // A share at which a real range has a number with a fraction: a key for whole numbers takes the ends of [16, 64] alone.
    private static IEnumerable<double> Between(Distribution distribution) =>
        (distribution is Uniform { Count: { } count }
            ? Enumerable.Range(0, (int)Math.Min(count, MostSteps)).Select(i => (i + 0.5) / count)
            : [0.5, 0.4, 0.3])
        .Where(share => !double.IsInteger(distribution.FromUnit(share))).Take(1);
}

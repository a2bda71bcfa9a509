using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>What a sweep searches: values of the experiment by path, the space of their parameters, and how choices
/// become values.</summary>
internal sealed class SearchedSpace
{
    // After so many steps one of a step with a fraction has one too.
    private const int MostSteps = 1000;
    // What an experiment says of itself, and how it is run.
    private static readonly string[] Fixed = ["name", "description", "seeds", "budget", "tolerance", "search"];

    // Values that meet conditions may be many, and each corner is an experiment to try.
    private const int MostTries = 1000;

    private readonly IReadOnlyList<(string Path, SearchedValue Value)> values;
    private readonly SearchSpace searched;

    /// <summary>Reads the space.</summary>
    /// <param name="search">What is searched, as it is written.</param>
    /// <param name="experiment">The experiment without the search, for what it declares: where <c>auto</c> is
    /// written.</param>
    /// <exception cref="ConfigurationException">Values cannot be searched so; all of them are told.</exception>
    public SearchedSpace(SearchOptions search, object experiment)
    {
        var (read, problems) = (new List<(string, SearchedValue)>(), new List<ConfigurationException>());
        foreach (var (path, written) in search.Space)
        {
            if (Fixed.Contains(path.Split('.', '[')[0]))
            {
                problems.Add(new(path, "cannot be searched: no trial depends on it."));
                continue;
            }

            try
            {
                read.Add((path, Read(path, JsonNode.Parse(written.Json), experiment)));
            }
            catch (ConfigurationException e)
            {
                problems.AddRange(e.All.Select(p => new ConfigurationException(p.Path.Length == 0 ? path : p.Path, p.Problem, p)));
            }
        }

        if (problems.Count > 0)
        {
            throw ConfigurationException.Of(problems);
        }

        // A component before its keys, and a type before the others, which it would drop.
        values = [.. read.OrderBy(v => v.Item1.Count(c => c is '.' or '['))
            .ThenBy(v => !v.Item1.EndsWith(".type", StringComparison.Ordinal))];
        var given = new SearchSpace()
        {
            Parameters = [.. BoundsFirst([.. values.SelectMany(v => v.Value.Parameters())])],
            Constraints = [.. FigureBound.Constraints(search.Constraints)],
        };
        searched = Checked(given, space => space.Checked());
        Space = search.Sampler is PopulationBasedSampler population ? Checked(searched, population.WithParent) : searched;
    }

    /// <summary>The parameters and constraints; also the parameter of the sampler where trials go on from others.</summary>
    public SearchSpace Space { get; }

    /// <summary>The paths that are searched, those first whose values are set first.</summary>
    public IEnumerable<string> Paths => values.Select(v => v.Path);

    /// <summary>The values to set, in this order, where the parameters have been chosen.</summary>
    public IEnumerable<(string Path, JsonNode? Value)> Values(IReadOnlyDictionary<string, Option> chosen) =>
        values.Select(v => (v.Path, v.Value.Value(chosen)));

    /// <summary>The options that the numbers of a trial stand for.</summary>
    public IReadOnlyDictionary<string, Option> Chosen(IReadOnlyDictionary<string, double> numbers) =>
        numbers.Select(n => (n.Key, n.Value, Parameter: searched.Find(n.Key))).Where(n => n.Parameter is not null)
            .ToDictionary(n => n.Key, n => Option.Of(n.Parameter!.Distribution.ToValue(n.Value)));

    /// <summary>Choices in which every parameter has each of its ends, or each of its options, at least once, with the name
    /// of that parameter. Where bounds and conditions keep it from an end, it has the nearest value that a trial can
    /// have.</summary>
    public IEnumerable<(string Parameter, IReadOnlyDictionary<string, Option> Chosen)> Corners()
    {
        foreach (var parameter in searched.Parameters)
        {
            foreach (double end in Ends(parameter.Distribution))
            {
                if (Corner(parameter, end) is { } numbers)
                {
                    yield return (parameter.Name, Chosen(numbers));
                }
            }
        }
    }

    /// <summary>Moves from the first corner of a parameter to each other one: with the parameters that bound it or are bounded
    /// by it, and alone.</summary>
    public IEnumerable<(string Parameter, IReadOnlyDictionary<string, Option> From, IReadOnlyDictionary<string, Option> To,
        IReadOnlyDictionary<string, Option> Alone)> Moves()
    {
        foreach (var corners in Corners().GroupBy(c => c.Parameter, c => c.Chosen))
        {
            var from = corners.First();
            foreach (var to in corners.Skip(1))
            {
                yield return (corners.Key, from, to, to.ToDictionary(
                    t => t.Key, t => t.Key != corners.Key && from.TryGetValue(t.Key, out var same) ? same : t.Value));
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
        foreach (var parameter in searched.Parameters.Where(p => searched.IsActive(p, numbers)))
        {
            if (searched.Narrowed(parameter, numbers, pinned) is not { } left
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
        if (name is not null && names.Add(name) && searched.Find(name) is { } parameter)
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
            var above = searched.Find(condition.Parameter)!;
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

    // A file names a bound wherever it stands; in a space it stands first.
    private static List<SearchParameter> BoundsFirst(List<SearchParameter> parameters)
    {
        var (ordered, begun) = (new List<SearchParameter>(parameters.Count), new bool[parameters.Count]);
        for (int i = 0; i < parameters.Count; i++)
        {
            Add(i);
        }

        return ordered;

        void Add(int index)
        {
            if (index >= 0 && !begun[index])
            {
                begun[index] = true;
                var parameter = parameters[index];
                foreach (string? first in parameter.When.Select(w => w.Parameter).Concat([parameter.AtLeast, parameter.AtMost]))
                {
                    Add(parameters.FindIndex(p => p.Name == first));
                }

                ordered.Add(parameter);
            }
        }
    }

    private static SearchedValue Read(string path, JsonNode? written, object experiment)
    {
        if (written is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() == "auto")
        {
            return Auto(path, experiment);
        }

        var value = SearchedValueReader.Read(written, path);
        return value.Parameters().Any() ? value : throw new ConfigurationException(path, "searches nothing; expected a range, a choice, "
            + $"auto, or a value with such parts inside, but got {written?.ToJsonString() ?? "nothing"}"
                + $"{(SearchedValueReader.Hint(written) is { Length: > 0 } hint ? hint : ". A fixed value belongs beside 'search'.")}");
    }

    private static SearchedScalar Auto(string path, object experiment)
    {
        if (RecordPath.Property(experiment, path) is not { } property)
        {
            throw new ConfigurationException(path, "is auto, but the experiment has no such value to take a range from; write the range.");
        }

        try
        {
            return new(path, SearchSpace.DistributionOf(property, path));
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException(path, e.Message, e);
        }
    }

    private SearchSpace Checked(SearchSpace space, Func<SearchSpace, SearchSpace> check)
    {
        try
        {
            return check(space);
        }
        catch (ArgumentException e)
        {
            // The first parameter with which the space is none.
            var wrong = space.Parameters.Where((_, i) => !IsSpace(new() { Parameters = [.. space.Parameters.Take(i + 1)] })).FirstOrDefault();
            var path = wrong is null ? "" : Paths.LastOrDefault(p => RecordPath.IsAtOrBelow(wrong.Name, p)) ?? "";
            throw new ConfigurationException(path, $"cannot be searched: {e.Message}", e);
        }
    }

    private static bool IsSpace(SearchSpace space)
    {
        try
        {
            space.Checked();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

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
    // What an experiment says of itself, and how it is run.
    private static readonly string[] Fixed = ["name", "description", "seeds", "budget", "tolerance", "search"];

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
    public IEnumerable<(string Parameter, IReadOnlyDictionary<string, Option> Chosen)> Corners() =>
        new SpaceCorners(searched).All().Select(c => (c.Parameter, Chosen(c.Numbers)));

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

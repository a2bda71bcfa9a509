using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>The experiments of a sweep's trials: the sweep's own, with the values that a trial has chosen.</summary>
internal sealed class TrialExperiments
{
    private const string SpacePath = "search.space";
    private readonly JsonObject without;
    private readonly SearchedSpace space;
    private readonly SearchOptions search;

    /// <summary>Reads what is searched.</summary>
    /// <param name="sweep">An experiment with a search.</param>
    /// <exception cref="ConfigurationException">It cannot be searched so; paths are those below
    /// <c>search.space</c>.</exception>
    public TrialExperiments(Experiment sweep)
    {
        Default = sweep.Located() with { Search = null };
        without = (JsonObject)RecordJson.ToNode(Default);
        if (Equals(sweep.Task, sweep.Network.DefaultTask))
        {
            // It follows from the network, which may be searched.
            without.Remove("task");
        }

        search = sweep.Search!;
        space = new(search, Default);
    }

    /// <summary>The experiment as the file gives it, without the search.</summary>
    public Experiment Default { get; }

    /// <summary>What is searched.</summary>
    public SearchSpace Space => space.Space;

    /// <summary>One experiment for each end and each option of every parameter, with the parameter's name.</summary>
    public IEnumerable<(string Parameter, Experiment Experiment)> Corners() =>
        space.Corners().Select(c => (c.Parameter, Of(c.Chosen, "the search")));

    /// <summary>Pairs of experiments from one end or option of a parameter to each other one, all else equal, as far as
    /// the experiment takes it. What the parameter itself changes differs between them.</summary>
    public IEnumerable<ParameterMove> Moves()
    {
        foreach (var (parameter, from, to, alone) in space.Moves())
        {
            var experiment = Of(from, "the search");
            yield return new(parameter, experiment, OrNothing(alone) ?? Of(to, "the search"));
        }

        Experiment? OrNothing(IReadOnlyDictionary<string, Option> chosen)
        {
            try
            {
                return Of(chosen, "the search");
            }
            catch (ConfigurationException)
            {
                // Parameters that bound each other may have to move together.
                return null;
            }
        }
    }

    /// <summary>The experiment of a trial.</summary>
    /// <param name="numbers">The numbers of its parameters.</param>
    public Experiment Of(IReadOnlyDictionary<string, double> numbers) => Of(space.Chosen(numbers), "the trial");

    /// <summary>The values of a trial's parameters as JSON.</summary>
    /// <param name="numbers">The numbers of its parameters.</param>
    public JsonObject Parameters(IReadOnlyDictionary<string, double> numbers) =>
        new(space.Chosen(numbers).Select(c => KeyValuePair.Create(c.Key, JsonNode.Parse(c.Value.Json))));

    /// <summary>What experiments of trials would be refused for, each once, at the searched value that causes
    /// it.</summary>
    public IEnumerable<RecordProblem> Problems()
    {
        var (told, needsValidation) = (new HashSet<string>(), NeedsValidation(Default));
        var (counted, figures) = (new List<RecordProblem>(), new KnownFigures(search));
        foreach (var (parameter, corner) in space.Corners())
        {
            ConfigurationException? refused = null;
            try
            {
                var experiment = Of(corner, "the search");
                needsValidation |= NeedsValidation(experiment);
                figures.Add(experiment);
                if (told.Count == 0 && PlaceOfRelativePath(experiment.Data) is { } place && told.Add("data"))
                {
                    counted.Add(new($"{SpacePath}.{place}", "chooses between paths that count from the current folder, but a sweep may be "
                        + $"continued from another one; write the whole paths, which begin with '{Environment.CurrentDirectory}' here."));
                }
            }
            catch (ConfigurationException e)
            {
                refused = e;
            }

            foreach (var problem in (refused?.All ?? []).Select(Unplaced))
            {
                var cause = Searched(problem.Path);
                if (told.Add($"{cause} {problem.Path}"))
                {
                    var text = problem.Path == cause ? problem.Problem : problem.Message;
                    var advice = problem.Path == parameter && corner[parameter].Plain() is double number && !double.IsInteger(number)
                        ? " Where whole numbers are meant, write { integer: [FROM, TO] }." : "";
                    yield return new(cause is null ? SpacePath : $"{SpacePath}.{cause}", $"allows what the experiment does not take: {text}{advice}");
                }
            }
        }

        foreach (var problem in counted.Concat(told.Count == 0 ? figures.Problems() : []))
        {
            yield return problem;
        }

        var ofPopulation = search.Sampler is PopulationBasedSampler population ? PopulationRules.Of(search, population) : [];
        foreach (var problem in ofPopulation.Concat(search.Sampler is PopulationBasedSampler && told.Count == 0
            ? PopulationRules.Of(Corners().Select(c => c.Experiment), Moves())
            : []))
        {
            yield return problem;
        }

        if (search.Final is { Train: FinalTraining.All } && needsValidation && !Default.Data.HasValidationPart)
        {
            yield return new("search.final.train", "is all, which leaves no validation data for training.earlyStopping and "
                + "training.restoreBestWeights; write train: part, or leave these two out.");
        }
    }

    private static bool NeedsValidation(Experiment experiment) =>
        experiment.Training.EarlyStopping is not null || experiment.Training.RestoreBestWeights;

    // The searched path that sets a value, or a part of it.
    private string? Searched(string path) =>
        space.Paths.LastOrDefault(p => RecordPath.IsAtOrBelow(path, p) || RecordPath.IsAtOrBelow(p, path));

    // Paths that are not searched are whole already. A source of a host may give more than paths another form.
    private string? PlaceOfRelativePath(DataSource data) => Searched("data") is null ? null
        : ConfigurationDiff.Between(RecordJson.ToNode(data), RecordJson.ToNode(data.Located()))
            .Where(d => Texts(d.Before).Except(Texts(d.After)).Any(text => !Path.IsPathFullyQualified(text)))
            .Select(d => Searched($"data.{d.Path}")).FirstOrDefault(place => place is not null);

    private static IEnumerable<string> Texts(string? json) => json is null ? [] : Texts(JsonNode.Parse(json));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(Texts),
        JsonObject keys => keys.SelectMany(k => Texts(k.Value)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    // What a document adds to a message of its origin says nothing here, where every value comes from the search.
    private static ConfigurationException Unplaced(ConfigurationException problem) =>
        problem.InnerException as ConfigurationException ?? problem;

    private Experiment Of(IReadOnlyDictionary<string, Option> chosen, string origin)
    {
        var document = ConfigurationDocument.Of(without, origin);
        foreach (var (path, value) in space.Values(chosen))
        {
            document.Set(path, value, origin);
        }

        return document.Bind<Experiment>();
    }
}

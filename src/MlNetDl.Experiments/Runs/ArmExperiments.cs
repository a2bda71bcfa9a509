using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Models;
using MlNetDl.Naming;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The experiments of an experiment's arms.</summary>
internal sealed class ArmExperiments
{
    // What an experiment says of itself, and how often it is trained.
    private static readonly string[] Fixed = ["name", "description", "seeds", "budget", "tolerance", "search", "arms", "data", "task"];

    // A folder that nobody has: what lies there is not trained yet.
    private static readonly string NotThere = Path.Combine(Path.GetTempPath(), $"mldl-arms-{Guid.NewGuid():N}");

    private readonly Experiment experiment;
    private readonly JsonObject without;

    public ArmExperiments(Experiment experiment)
    {
        this.experiment = experiment;
        var plain = (experiment with { Arms = null, Seeds = [] }).Located();
        without = (JsonObject)RecordJson.ToNode(plain);
        if (Equals(experiment.Task, experiment.Network.DefaultTask))
        {
            // It follows from the network, which an arm may change.
            without.Remove("task");
        }
    }

    /// <summary>The names of the arms, in order.</summary>
    public IReadOnlyList<string> Names => [.. experiment.Arms!.Keys];

    /// <summary>The arm that an arm is compared with; none for the first.</summary>
    public string? ComparedWith(string name) => name == Names[0] ? null : experiment.Arms![name].CompareWith ?? Names[0];

    /// <summary>The arms that an arm is made of: that of its network, and those whose models it names.</summary>
    public IEnumerable<string> Needs(string name)
    {
        var arm = experiment.Arms![name];
        var named = arm.Set.Values.SelectMany(v => Places(JsonNode.Parse(v.Json)));
        return new[] { arm.NetworkOf, arm.ContinueFrom }.OfType<string>().Concat(named);
    }

    /// <summary>The experiment of an arm as it will be, before anything is trained: the models of other arms have the places
    /// that <see cref="Placeholder"/> gives them.</summary>
    public Experiment Planned(string name) => Of(name, Names.TakeWhile(n => n != name).ToDictionary(n => n, Placeholder));

    /// <summary>What can be known of an arm before anything is trained: with something in the place of a stage that needs the model
    /// of another; <see langword="null"/> for one whose network is another's.</summary>
    public Experiment? Checkable(string name)
    {
        if (experiment.Arms![name].NetworkOf is not null)
        {
            return null;
        }

        var models = Names.Select(n => Placeholder(n).Model).ToHashSet();
        var planned = Planned(name);
        var stages = planned.Training.Stages.Select(s => NamesOneOf(s, models) ? new TaughtLater(s.KeepsNetworks) : s);
        if (experiment.Arms[name].ContinueFrom is { } other)
        {
            // The model of the other arm is not there yet: a fit stands for it, and its network may be another than the experiment's.
            stages = stages.Prepend(new TrainedBefore(!ChangesNetworks(other))).Prepend(new Fit());
        }

        return planned with { Training = planned.Training with { Stages = [.. stages] } };
    }

    // Whether an arm ends with other networks than the experiment gives it.
    private bool ChangesNetworks(string name) => Planned(name).Training.Stages.Any(s => !s.KeepsNetworks)
        || new[] { experiment.Arms![name].ContinueFrom, experiment.Arms[name].NetworkOf }.OfType<string>().Any(ChangesNetworks);

    private static bool NamesOneOf(Stage stage, HashSet<string> models)
    {
        try
        {
            _ = stage.Identity();
            return false;
        }
        catch (FileNotFoundException e) when (e.FileName is { } file && models.Contains(file))
        {
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            // The stage itself tells what is wrong.
            return false;
        }
    }

    private static ArmRun Placeholder(string name) => new(Path.Combine(NotThere, $"{name}.zip"), null);

    /// <summary>The experiment of an arm.</summary>
    /// <param name="name">The arm.</param>
    /// <param name="runs">The runs of the arms before it, with the same seed.</param>
    /// <remarks>The experiment of an arm that continues from another has that one's network; the model is
    /// <see cref="StartOf"/>.</remarks>
    /// <exception cref="ConfigurationException">The arm sets what the experiment does not take.</exception>
    public Experiment Of(string name, IReadOnlyDictionary<string, ArmRun> runs)
    {
        var arm = experiment.Arms![name];
        var document = ConfigurationDocument.Of(Base(arm, runs), $"arms.{name}");
        foreach (var (path, value) in arm.Set)
        {
            document.Set(path, Filled(JsonNode.Parse(value.Json), runs), $"arms.{name}.set");
        }

        var bound = document.Bind<Experiment>().Located();
        return arm.NetworkOf is { } other && runs[other] is { Result: { } result } run
            ? bound with
            {
                Network = SavedArchitecture.Of(ModelFile.Read(run.Model)),
                Training = bound.Training with { Epochs = result.Epochs },
            }
            : bound;
    }

    /// <summary>The arm whose model an arm continues from; <see langword="null"/> for one that begins anew.</summary>
    public string? StartOf(string name) => experiment.Arms![name].ContinueFrom;

    // The control of an arm is trained as its first fit was.
    private JsonObject Base(Arm arm, IReadOnlyDictionary<string, ArmRun> runs)
    {
        if (arm.ContinueFrom is { } start)
        {
            var begun = Of(start, runs);
            return (JsonObject)RecordJson.ToNode(begun with { Training = begun.Training with { Stages = [] } });
        }

        if (arm.NetworkOf is null)
        {
            return without;
        }

        var other = Of(arm.NetworkOf, runs);
        var fit = other.Training.Stages.OfType<Fit>().FirstOrDefault() ?? new();
        return (JsonObject)RecordJson.ToNode(other with { Training = fit.Over(other.Training) with { Stages = [] } });
    }

    /// <summary>The problems of all arms.</summary>
    public IEnumerable<RecordProblem> Problems()
    {
        var before = new Dictionary<string, ArmRun>();
        var wrong = new HashSet<string>();
        foreach (var (name, arm) in experiment.Arms!)
        {
            if (name.Length == 0 || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name is "." or ".."
                || RunFolder.OwnExtensions.Contains(Path.GetExtension(name)))
            {
                yield return new("arms", $"has an arm '{name}', which is no name of a folder beside the run's files; use letters, digits and '-'.");
                continue;
            }

            // What hangs on a wrong arm cannot be looked at.
            if (!Needs(name).Any(wrong.Contains))
            {
                foreach (var problem in Problems(name, arm, before))
                {
                    wrong.Add(name);
                    yield return problem;
                }
            }
            else
            {
                wrong.Add(name);
            }

            before.Add(name, Placeholder(name));
        }
    }

    private IEnumerable<RecordProblem> Problems(string name, Arm arm, Dictionary<string, ArmRun> before)
    {
        var place = $"arms.{name}";
        foreach (var (key, other) in new[] { ("networkOf", arm.NetworkOf), ("continueFrom", arm.ContinueFrom), ("compareWith", arm.CompareWith) })
        {
            if (other is not null && !before.ContainsKey(other))
            {
                var hint = other == name ? "name an earlier one." : Nearest.Hint(other, before.Keys);
                return [new($"{place}.{key}", $"is '{other}', which is no arm before it; {hint}")];
            }
        }

        if (arm.Settings().FirstOrDefault(k => Fixed.Contains(k.Split('.', '[')[0]) || k == "training.seed") is { } setting)
        {
            return [new($"{place}.set.{setting}", "cannot differ between arms, which are trained alike and compared.")];
        }

        if (arm.Set.Values.SelectMany(v => Places(JsonNode.Parse(v.Json))).FirstOrDefault(p => !before.ContainsKey(p)) is { } unknown)
        {
            return [new($"{place}.set", $"names the arm '{{{unknown}}}', which is no arm before it; {Nearest.Hint(unknown, before.Keys)}")];
        }

        try
        {
            return OrderProblem(place, arm, Of(name, before).Training.Stages, before) is { } order ? [order] : [];
        }
        catch (ConfigurationException e)
        {
            return e.All.Select(p => new RecordProblem($"{place}.set", $"allows what the experiment does not take: {p.Message}"));
        }
    }

    private RecordProblem? OrderProblem(string place, Arm arm, ValueList<Stage> stages, Dictionary<string, ArmRun> before)
    {
        if (arm.ContinueFrom is not { } start)
        {
            return StageOrder.Problem(stages) is { } wrong ? wrong with { Path = $"{place}.{wrong.Path}" } : null;
        }

        if (stages.Count == 0)
        {
            // The arm itself tells that it needs stages.
            return null;
        }

        if (Of(start, before).Training.Stages.LastOrDefault(s => s is not FitHook) is { KeepsFloatWeights: false } last)
        {
            var advice = last is Int8 ? ", or keep them there with keepWeights: true" : "";
            return new($"{place}.continueFrom", $"is '{start}', whose model has no float weights behind {StageOrder.NameOf(last)}, but "
                + $"{StageOrder.NameOf(stages[0])} needs them; continue from an arm before{advice}.");
        }

        return StageOrder.Problem(stages, [.. StagesBefore(start, before)]) is { } problem ? problem with { Path = $"{place}.{problem.Path}" } : null;
    }

    // The stages of an arm and of those that it continues from, in the order in which they run.
    private IEnumerable<Stage> StagesBefore(string name, Dictionary<string, ArmRun> before)
    {
        IEnumerable<Stage> stages = Of(name, before).Training.Stages is { Count: > 0 } own ? own : [new Fit()];
        return experiment.Arms![name].ContinueFrom is { } start ? StagesBefore(start, before).Concat(stages) : stages;
    }

    private static IEnumerable<string> Places(JsonNode? node) => node switch
    {
        JsonObject keys => keys.SelectMany(k => Places(k.Value)),
        JsonArray items => items.SelectMany(Places),
        JsonValue value when ArmOf(value) is { } name => [name],
        _ => [],
    };

    private static JsonNode? Filled(JsonNode? node, IReadOnlyDictionary<string, ArmRun> runs) => node switch
    {
        JsonObject keys => new JsonObject(keys.Select(k => KeyValuePair.Create(k.Key, Filled(k.Value, runs)))),
        JsonArray items => new JsonArray([.. items.Select(i => Filled(i, runs))]),
        JsonValue value when ArmOf(value) is { } name && runs.TryGetValue(name, out var run) => JsonValue.Create(run.Model),
        _ => node?.DeepClone(),
    };

    private static string? ArmOf(JsonValue value) => value.TryGetValue(out string? text) && text is ['{', .. var name, '}'] ? name : null;

    // Stands where a teacher is not trained yet, so that the order of stages can be looked at.
    private sealed record TaughtLater([property: JsonIgnore] bool Keeps) : FitHook
    {
        public override bool KeepsNetworks => Keeps;

        public override StepHook Start(StageContext context) => new Nothing();

        private sealed class Nothing : StepHook;
    }

    // Stands for the stages of the arms before, whose model is not trained yet.
    private sealed record TrainedBefore([property: JsonIgnore] bool Keeps) : Stage
    {
        public override bool KeepsNetworks => Keeps;

        public override TrainedModel Run(StageContext context) => context.Model;
    }
}

/// <summary>The run of an arm with one seed.</summary>
/// <param name="Model">Its model file.</param>
/// <param name="Result">Its result; <see langword="null"/> while it was not trained.</param>
internal sealed record ArmRun(string Model, RunResult? Result);

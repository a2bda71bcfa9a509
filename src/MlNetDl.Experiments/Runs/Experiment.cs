using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Clustering;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>One experiment: what is trained on what, and how. Its YAML form is what <c>mldl run</c> takes.</summary>
public sealed record Experiment : ICheckedRecord
{
    private const int MostSeeds = 1000;
    private readonly bool isGeneration;

    /// <summary>Its name; also of its folder below <c>runs</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Description of the experiment, in a sentence or two.</summary>
    public string? Description { get; init; }

    /// <summary>Meaning of the network's outputs. Without it, the task is the model's own: classes for a network, none
    /// for a model that is trained without labels, for which <c>generation</c> says the same.</summary>
    public LearningTask? Task
    {
        get => field is null or Generation ? (Network is { } model ? model.DefaultTask : new MulticlassClassification()) : field;
        init => (field, isGeneration) = (value, value is Generation);
    }

    /// <summary>Where the data comes from: a named data set, a folder of images, a table, or a kind of
    /// a host's own.</summary>
    public required DataSource Data { get; init; }

    /// <summary>The architecture.</summary>
    public required ModelSpec Network { get; init; }

    /// <summary>How it is trained. A share that <c>data.validation</c> holds out is the <c>validationFraction</c> here.</summary>
    public TrainingOptions Training
    {
        get => Data?.ValidationFraction is { } share && field.ValidationFraction == 0 ? field with { ValidationFraction = share } : field;
        init;
    } = new();

    /// <summary>Whether there is data to validate with: rows that are held out, or a part of its own.</summary>
    internal bool HasValidation => Training.ValidationFraction > 0 || Data.MayHaveValidationPart;

    /// <summary>Figures on the test part beside those of the task, such as the likelihood of a generative model; none by default.</summary>
    public ValueList<Judge> Judges { get; init; } = [];

    /// <summary>What is searched, and how. With it the experiment is a sweep: many trainings, each with other
    /// values.</summary>
    public SearchOptions? Search { get; init; }

    /// <summary>The same experiment with other settings, by name: each arm is trained with the same seeds, and set beside the
    /// first in accuracy, size and speed (<c>ledger.csv</c>, <c>ledger.json</c>, <c>ledger.html</c>). None by default.</summary>
    public OrderedDictionary<string, Arm>? Arms { get; init; }

    /// <summary>Seeds to repeat the training with; results are then mean and standard deviation. Empty runs once, with
    /// <c>training.seed</c>, 1 by default. In a file one number is how many: <c>seeds: 3</c> is <c>[0, 1, 2]</c>.</summary>
    public ValueList<int> Seeds { get; init; } = [];

    /// <summary>The time that all its seeds together take, in words: <c>90 s on 2 cores</c>. It is information for
    /// people and not enforced.</summary>
    public string? Budget { get; init; }

    /// <summary>How far a reproduced test figure may lie from the recorded one; 0.005 allows for
    /// another processor's rounding.</summary>
    public double Tolerance { get; init; } = 0.005;

    /// <summary>What is said of the paths of the data.</summary>
    internal ValueList<string> Notes { get; init; } = [];

    /// <summary>Whether a path names an experiment's file: <c>.yaml</c> or <c>.yml</c>.</summary>
    public static bool IsFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads an experiment from a YAML file. Paths of its data count from the current folder, and from that of the file where
    /// nothing is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Changes such as <c>training.epochs=3</c>, and what is searched, such as
    /// <c>training.optimizer.learningRate=logUniform(1e-4, 1e-1)</c>.</param>
    /// <exception cref="ConfigurationException">The file or an override is wrong.</exception>
    public static Experiment Load(string path, params IReadOnlyList<string> overrides)
    {
        var document = ConfigurationDocument.Load(path);
        foreach (var assignment in overrides)
        {
            if (SearchOverride.Of(assignment) is var (key, searched))
            {
                document.Set(["search", "space", key], searched, $"the override '{assignment}'");
            }
            else
            {
                document.Override(assignment);
            }
        }

        NumberSeeds(document);
        var (experiment, beside) = (document.Bind<Experiment>(), new PathsBeside(path));
        return experiment with
        {
            Data = experiment.Data.Beside(beside),
            Network = experiment.Network is NetworkSpec { From: { } from } network ? network with { From = Start(path, beside.Of(RunData.FromKey, from)!) }
                : experiment.Network,
            Arms = experiment.ArmsWithStarts(from => Start(path, beside.Of(RunData.FromKey, from)!)),
            Notes = [.. beside.Notes],
        };
    }

    private OrderedDictionary<string, Arm>? ArmsWithStarts(Func<string, string> path) =>
        Arms is null ? null : new(Arms.Select(a => KeyValuePair.Create(a.Key, a.Value is null ? a.Value! : a.Value.WithStarts(path))));

    // Before data is read, which may take long.
    private static string Start(string file, string from) => File.Exists(from) ? from : throw new ConfigurationException(
        file, $"{RunData.FromKey} is '{from}', but there is no such file; it names a saved model, a .zip.");

    // One number in place of the list is how many there are.
    private static void NumberSeeds(ConfigurationDocument document)
    {
        const string Key = "seeds";
        if (document.Top(Key) is JsonValue value
            && int.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
        {
            document.Set([Key], count is >= 1 and <= MostSeeds ? JsonNode.Parse($"[{string.Join(',', Enumerable.Range(0, count))}]")
                : throw new ConfigurationException(Key, $"is {count}, but one number is how many trainings there are, 1 to {MostSeeds}; a list such as "
                    + "[1, 2, 3] names the seeds themselves."), Key);
        }
    }

    /// <summary>The overrides that change no trial of a sweep, because the search chooses their values, each with the searched
    /// path. They count in the configuration without the search, which <c>search.final.compareWith: default</c> takes.</summary>
    /// <param name="overrides">Changes as <see cref="Load"/> takes them.</param>
    public IEnumerable<(string Override, string Searched)> OverridesWithoutEffect(IEnumerable<string> overrides) =>
        Search is null ? [] : from assignment in overrides
                              where SearchOverride.Of(assignment) is null
                              let key = assignment.Split('=')[0].Trim()
                              from searched in Search.Space.Keys.Where(path => RecordPath.IsAtOrBelow(key, path)).Take(1)
                              select (assignment, searched);

    /// <summary>The input shape and the number of outputs that the data gives the network; reads the data.</summary>
    public (Shape Input, int Outputs) InputAndOutputs() => Data.Read(Task).InputAndOutputs();

    /// <summary>The experiment by its full paths: those of its data and of its stages.</summary>
    /// <exception cref="ComponentException">The code of a source of somebody else failed.</exception>
    internal Experiment Located() => this with
    {
        Data = Data.Located(),
        Network = Network is NetworkSpec { From: { } from } network ? network with { From = Path.GetFullPath(from) } : Network,
        Arms = ArmsWithStarts(Path.GetFullPath),
        Judges = [.. Judges.Select(j => j.WithFullPaths())],
        Training = Training with { Stages = [.. Training.Stages.Select(s => s.WithFullPaths())] },
    };

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Name.Length == 0 || Name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || Name is "." or "..")
        {
            yield return new("name", $"is '{Name}', which is no folder name; use letters, digits and '-'.");
        }

        if (Seeds.Distinct().Count() < Seeds.Count)
        {
            yield return new("seeds", "has a seed twice: the same training again would count as another.");
        }

        if (isGeneration && Network?.DefaultTask is not null)
        {
            yield return new("task", "is generation, but the network learns from labels; name a model that makes data, such as network: vae.");
        }

        if (Search is not null && Seeds.Count > 0)
        {
            yield return new("seeds", "are of one training; with search, 'search.repeat' says how many seeds a configuration has.");
        }

        foreach (var (index, judge) in Judges.Index())
        {
            if (Network is not null && judge?.ProblemWith(Network, Data) is { } unsuited)
            {
                yield return new($"judges[{index}]", unsuited);
            }
        }

        foreach (var twice in Judges.Where(j => j is not null).GroupBy(j => (j.GetType(), j.Name)).Where(g => g.Skip(1).Any()))
        {
            yield return new($"judges[{Judges.ToList().LastIndexOf(twice.Last())}]", "is of a kind that is there already, and figures of both would have one "
                + "name; give it a name.");
        }

        if (Search is not null && Judges.Count > 0)
        {
            yield return new("judges", "judge one trained model, and a search makes many; leave them out, and run its best configuration with them.");
        }

        if (Search is not null && Arms is not null)
        {
            yield return new("arms", "are single trainings side by side, and search makes many; leave one of the two out.");
        }

        if (Arms is { Count: < 2 })
        {
            yield return new("arms", "are compared with each other, so there must be two or more.");
        }

        if (Search?.Final is not null && Task is null)
        {
            yield return new("search.final", "tests models, but without labels there is nothing to test by; leave it out.");
        }

        if (Search?.Folds is not null && Training.ValidationFraction > 0)
        {
            yield return new("training.validationFraction", "holds data out beside the folds of search.folds, each of which is held out "
                + "in turn; leave one of the two out.");
        }

        foreach (var problem in Data.ValidationProblems(Training.ValidationFraction, Search?.Folds))
        {
            yield return problem with { Path = $"data.{problem.Path}" };
        }

        // Stages of arms are judged arm by arm. One that is bound may continue from another, which only the runner knows.
        if (Arms is null && StageOrder.Problem(Training.Stages, before: Search is null ? [] : null) is { } order)
        {
            yield return order;
        }

        if (TaskProblem.Of(this) is { } wrongTask)
        {
            yield return wrongTask;
        }

        // The experiments of all trials have a wrong figure too.
        var monitor = TrainingFigures.MonitorProblem(this);
        foreach (var problem in monitor is null ? SearchProblems() : [monitor])
        {
            yield return problem;
        }

        foreach (var problem in Arms is { Count: > 1 } && Search is null ? new ArmExperiments(this).Problems() : [])
        {
            yield return problem;
        }

        foreach (var problem in Data.ProblemsWith(Task))
        {
            yield return problem with { Path = problem.Path.Length == 0 ? "data" : $"data.{problem.Path}" };
        }
    }

    // A searched value that could not be set, or that the experiment refuses, would fail trial after trial.
    private IEnumerable<RecordProblem> SearchProblems()
    {
        if (Search is not { Space.Count: > 0, Objective.Count: > 0 })
        {
            return [];
        }

        try
        {
            return new TrialExperiments(this).Problems();
        }
        catch (ConfigurationException e)
        {
            return e.All.Select(p => new RecordProblem(p.Path.Length == 0 ? "search.space" : RecordPath.Below("search.space", p.Path), p.Problem));
        }
    }
}

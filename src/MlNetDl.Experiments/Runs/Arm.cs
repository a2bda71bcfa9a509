using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Experiments;

/// <summary>One arm of an experiment: the same experiment with some settings changed, trained with the same
/// seeds.</summary>
/// <remarks>Wherever a text in its settings is the name of an earlier arm in braces, such as <c>"{teacher}"</c>, it stands
/// for the model file of that arm with the same seed.</remarks>
[UnknownKeys("Settings of the experiment stand below set: { set: { training.epochs: 3 } }.")]
public sealed record Arm : ICheckedRecord
{
    /// <summary>Settings by their path in the experiment, such as <c>training.stages</c>; none by default, which is the
    /// experiment as it stands.</summary>
    public OrderedDictionary<string, Option> Set { get; init; } = [];

    /// <summary>An earlier arm, whose trained network is taken with fresh weights and trained as that arm's first fit was,
    /// but for as many epochs as that arm was in all: the control of a network that was made smaller. None by
    /// default.</summary>
    public string? NetworkOf { get; init; }

    /// <summary>An earlier arm, from whose trained model with the same seed the stages of this one go on, so that they need no fit of
    /// their own. None by default.</summary>
    public string? ContinueFrom { get; init; }

    /// <summary>The earlier arm that this one is compared with: its figure with the same seeds, and its predictions. The first
    /// arm by default.</summary>
    public string? CompareWith { get; init; }

    private const string Stages = "training.stages";

    // What networkOf gives.
    private static readonly string[] Given = ["network", "training.epochs", "training.stages"];

    /// <summary>The paths of all that is set, also within objects.</summary>
    internal IEnumerable<string> Settings() => Values().Select(v => v.Path);

    private IEnumerable<(string Path, JsonNode? Value)> Values() => Set.SelectMany(s => Values(s.Key, JsonNode.Parse(s.Value.Json)));

    private static IEnumerable<(string Path, JsonNode? Value)> Values(string path, JsonNode? value) =>
        value is JsonObject { Count: > 0 } keys ? keys.SelectMany(k => Values($"{path}.{k.Key}", k.Value)) : [(path, value)];

    /// <summary>The arm with other paths of models that networks start from; names of arms in braces are none.</summary>
    /// <param name="path">Gives the path in the place of one that is written.</param>
    internal Arm WithStarts(Func<string, string> path)
    {
        var set = new OrderedDictionary<string, Option>();
        foreach (var (key, option) in Set)
        {
            var value = JsonNode.Parse(option.Json);
            set[key] = key == RunData.FromKey && Named(value) is { } from ? Option.Of(path(from))
                : key == "network" && value is JsonObject network && Named(network["from"]) is { } within ? new(Renamed(network, path(within)))
                : option;
        }

        return this with { Set = set };

        static string? Named(JsonNode? value) =>
            value is JsonValue text && text.TryGetValue(out string? name) && !name.StartsWith('{') ? name : null;

        static string Renamed(JsonObject network, string from)
        {
            network["from"] = from;
            return network.ToJsonString();
        }
    }

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (NetworkOf is not null && Settings().FirstOrDefault(k => Given.Any(g => RecordPath.IsAtOrBelow(k, g))) is { } key)
        {
            yield return new($"set.{key}", $"is given by networkOf: {NetworkOf}; leave one of the two out.");
        }

        if (ContinueFrom is not null && NetworkOf is not null)
        {
            yield return new("continueFrom", "and networkOf are two beginnings: the weights of another arm, or fresh ones; leave one out.");
        }

        if (ContinueFrom is not null && Settings().FirstOrDefault(k => RecordPath.IsAtOrBelow(k, "network")) is { } network)
        {
            yield return new($"set.{network}", $"is given by continueFrom: {ContinueFrom}; leave one of the two out.");
        }

        if (ContinueFrom is not null && !Values().Any(v => RecordPath.IsAtOrBelow(v.Path, Stages) && v.Value is not (null or JsonArray { Count: 0 })))
        {
            yield return new("continueFrom", $"needs stages to go on with; set {Stages}.");
        }
    }
}

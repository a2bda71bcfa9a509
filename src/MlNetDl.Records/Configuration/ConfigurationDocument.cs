using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Files;

namespace MlNetDl.Configuration;

/// <summary>A configuration as it was written, with overrides applied, before it is bound to a record.</summary>
public sealed partial class ConfigurationDocument
{
    private readonly string name;
    // The origin of each value, worded for errors: a place in the file, or an override.
    private readonly Dictionary<string, string> origins;

    // Paths that the file does not have and below which overrides set keys. These keys change the default.
    private readonly HashSet<string> overDefaults = [];
    private JsonNode? root;

    private ConfigurationDocument(string name, JsonNode? root, Dictionary<string, (long Line, long Column)> places) =>
        (this.name, this.root, origins) = (name, root, places.ToDictionary(p => p.Key, p => $"{name}({p.Value.Line},{p.Value.Column})"));

    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it is not well-formed; the message names
    /// file, line and column.</exception>
    public static ConfigurationDocument Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                "",
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"the file '{path}' does not exist.{MissingFile.Place(path)}"
                    : Directory.Exists(path) ? $"'{path}' is a folder; expected a YAML file."
                    : $"the file '{path}' cannot be read: {e.Message}",
                e);
        }
    }

    /// <summary>Reads YAML (or JSON, which is YAML) from text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">How errors call the text.</param>
    public static ConfigurationDocument Parse(string text, string name = "configuration")
    {
        try
        {
            var (root, places) = Yaml.Parse(text);
            if (root is null)
            {
                throw new ConfigurationException("", ": the file is empty.");
            }

            return new(name, root, places);
        }
        catch (ConfigurationException e) when (!e.Problem.StartsWith(name, StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                "", $"{name}{(e.Problem.StartsWith('(') || e.Problem.StartsWith(':') ? "" : ": ")}{e.Problem}", e);
        }
    }

    /// <summary>A configuration that was not written by hand.</summary>
    /// <param name="root">Its keys and values; the document takes a copy.</param>
    /// <param name="name">How errors call it.</param>
    public static ConfigurationDocument Of(JsonObject root, string name) => new(name, root?.DeepClone(), []);

    /// <summary>Applies <c>key=value</c>, such as <c>training.optimizer.learningRate=0.01</c>,
    /// <c>training.stages[1].epochs=5</c> or <c>network=resNet18</c>; the value is YAML.</summary>
    /// <remarks>Setting a component's <c>type</c> to another name drops its other keys, which belonged to
    /// the old one.</remarks>
    /// <exception cref="ConfigurationException">The text does not have that form, or the path leads through a value
    /// that has no keys.</exception>
    public void Override(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new ConfigurationException("", $"'{assignment}' is not an override; expected key=value, such as training.epochs=3.");
        }

        var origin = $"the override '{assignment}'";
        Set(Steps(assignment[..equals].Trim()), Value(assignment[(equals + 1)..], origin), origin);
    }

    /// <summary>The value of a key at the top; <see langword="null"/> where it is not given.</summary>
    internal JsonNode? Top(string key) => (root as JsonObject)?[key];

    /// <summary>Sets the value at a path, as <see cref="Override"/> does.</summary>
    /// <param name="path">The path, such as <c>training.stages[1].epochs</c>.</param>
    /// <param name="value">The value as it would be written.</param>
    /// <param name="origin">What errors say of the value's origin, such as <c>trial 7</c>.</param>
    /// <exception cref="ConfigurationException">The path leads through a value that has no keys.</exception>
    public void Set(string path, JsonNode? value, string origin)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Set(Steps(path), value?.DeepClone(), origin);
    }

    /// <summary>Sets the value at a path that is given by its keys, as keys of a dictionary may have dots.</summary>
    /// <inheritdoc cref="Set(string, JsonNode?, string)"/>
    /// <param name="keys">The keys, from the top on.</param>
    /// <param name="value">The value as it would be written.</param>
    /// <param name="origin">What errors say of the value's origin.</param>
    public void Set(IReadOnlyList<string> keys, JsonNode? value, string origin)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count, nameof(keys));
        Set([.. keys.Select(k => (k, -1))], value?.DeepClone(), origin);
    }

    private void Set(List<(string Key, int Index)> steps, JsonNode? value, string origin)
    {
        JsonNode at = root as JsonObject ?? throw new ConfigurationException("", $"{name}: expected keys and values at the top.");
        var path = "";
        foreach (var step in steps[..^1])
        {
            var below = Get(at, step, path, origin);
            path = Below(path, step);
            if (below is null)
            {
                SetOrigin(path, origin);
            }

            at = below switch
            {
                JsonObject or JsonArray => below,
                null => OverDefault(SetStep(at, step, new JsonObject())!, path),
                JsonValue bare when bare.GetValueKind() == JsonValueKind.String =>
                    SetStep(at, step, new JsonObject { [RecordChecker.Discriminator] = bare.DeepClone() })!,
                _ => throw new ConfigurationException("", $"{origin}: {path} has no keys, so nothing can be set below it."),
            };
        }

        if (steps[^1].Key == RecordChecker.Discriminator
            && at is JsonObject component
            && !JsonNode.DeepEquals(component[RecordChecker.Discriminator], value))
        {
            foreach (var key in component.Select(p => p.Key).ToList())
            {
                RemoveOrigins(RecordChecker.Below(path, key));
            }

            component.Clear();
        }

        Get(at, steps[^1], path, origin);
        SetStep(at, steps[^1], value);
        SetOrigin(Below(path, steps[^1]), origin);
    }

    /// <summary>The record that the configuration describes.</summary>
    /// <exception cref="ConfigurationException">The configuration does not describe such a record, or values are
    /// refused. The message has a line for each problem, with its path and its origin: file, line and column, or the
    /// override.</exception>
    public T Bind<T>()
    {
        try
        {
            return RecordJson.FromNode<T>(root, overDefaults);
        }
        catch (ConfigurationException e)
        {
            throw ConfigurationException.Of([.. e.All.Select(p => new ConfigurationException("", $"{Origin(p.Path)}: {p.Message}", p))]);
        }
    }

    private static JsonNode? Value(string text, string origin)
    {
        try
        {
            return Yaml.ParseValue(text);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("", $"{origin}{e.Problem}", e);
        }
    }

    // The origin of the nearest path at or above this one that somebody wrote. Defaults have no origin.
    private string Origin(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (origins.TryGetValue(at, out var origin))
            {
                return origin;
            }
        }

        return name;
    }

    private void SetOrigin(string path, string origin)
    {
        RemoveOrigins(path);
        origins[path] = origin;
    }

    private JsonNode OverDefault(JsonNode keys, string path)
    {
        overDefaults.Add(path);
        return keys;
    }

    private void RemoveOrigins(string path)
    {
        overDefaults.RemoveWhere(key => IsAtOrBelow(key, path));
        foreach (var key in origins.Keys.Where(key => IsAtOrBelow(key, path)).ToList())
        {
            origins.Remove(key);
        }
    }

    private static bool IsAtOrBelow(string key, string path) =>
        key == path || key.StartsWith($"{path}.", StringComparison.Ordinal) || key.StartsWith($"{path}[", StringComparison.Ordinal);

    // "training.stages[1].epochs" has four: two keys, an index and a key. A key has no index, which is -1.
    private static List<(string Key, int Index)> Steps(string path)
    {
        var steps = new List<(string, int)>();
        foreach (var part in path.Split('.'))
        {
            var indices = Regex.Match(part, @"(\[[^\[\]]*\])+$");
            steps.Add((part[..^indices.Length], -1));
            steps.AddRange(indices.Value.Split('[', StringSplitOptions.RemoveEmptyEntries).Select(i => (i[..^1], IndexOf(i[..^1]))));
        }

        return steps;
    }

    // No list has that many items, so any other text is the index of none.
    private static int IndexOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : int.MaxValue;

    private static string Below(string path, (string Key, int Index) step) =>
        step.Index >= 0 ? $"{path}[{step.Index}]" : RecordChecker.Below(path, step.Key);

    private static JsonNode? Get(JsonNode at, (string Key, int Index) step, string path, string origin)
    {
        bool indexes = step.Index >= 0;
        if (at is JsonArray && !indexes)
        {
            throw new ConfigurationException("", $"{origin}: {path} is a list; name one of its items, such as {path}[0].");
        }

        if (at is not JsonArray && indexes)
        {
            throw new ConfigurationException("", $"{origin}: {path} is no list, so it has no item {step.Key}.");
        }

        if (at is JsonArray items && step.Index >= items.Count)
        {
            throw new ConfigurationException(
                "", $"{origin}: {path} has no item {step.Key}: it has {items.Count} item{(items.Count == 1 ? "" : "s")}, counted from 0.");
        }

        return indexes ? at[step.Index] : at[step.Key];
    }

    private static JsonNode? SetStep(JsonNode at, (string Key, int Index) step, JsonNode? value)
    {
        if (at is JsonArray items)
        {
            items[step.Index] = value;
        }
        else
        {
            at[step.Key] = value;
        }

        return value;
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>A configuration as it was written, with overrides applied, before it is bound to a record.</summary>
public sealed class ConfigurationDocument
{
    private readonly string name;
    private readonly Dictionary<string, (long Line, long Column)> places;
    private JsonNode? root;

    private ConfigurationDocument(string name, JsonNode? root, Dictionary<string, (long Line, long Column)> places) => (this.name, this.root, this.places) = (name, root, places);

    /// <summary>Reads a YAML file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it is not well-formed; the message names file, line and column.</exception>
    public static ConfigurationDocument Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException("", e is FileNotFoundException or DirectoryNotFoundException ? $"the file '{path}' does not exist." : $"the file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads YAML (or JSON, which is YAML) from text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What to call it in errors.</param>
    public static ConfigurationDocument Parse(string text, string name = "configuration")
    {
        try
        {
            var (root, places) = Yaml.Parse(text);
            return root is null
                ? throw new ConfigurationException("", ": the file is empty.")
                : new(name, root, places);
        }
        catch (ConfigurationException e) when (!e.Problem.StartsWith(name, StringComparison.Ordinal))
        {
            throw new ConfigurationException("", $"{name}{(e.Problem.StartsWith('(') || e.Problem.StartsWith(':') ? "" : ": ")}{e.Problem}", e);
        }
    }

    /// <summary>Applies <c>key=value</c>, such as <c>training.optimizer.learningRate=0.01</c> or <c>network=resNet18</c>; the value is YAML.</summary>
    /// <remarks>Setting a component's <c>type</c> to another name drops its other keys, which belonged to the old one.</remarks>
    /// <exception cref="ConfigurationException">It is not of that form, or leads through something that has no keys.</exception>
    public void Override(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new ConfigurationException("", $"'{assignment}' is not an override; expected key=value, such as training.epochs=3.");
        }

        var keys = assignment[..equals].Trim().Split('.');
        var value = Yaml.ParseValue(assignment[(equals + 1)..]);
        var at = root as JsonObject ?? throw new ConfigurationException("", $"{name}: expected keys and values at the top.");
        for (int i = 0; i < keys.Length - 1; i++)
        {
            at = at[keys[i]] switch
            {
                JsonObject below => below,
                null => Put(at, keys[i], []),
                JsonValue bare when bare.GetValueKind() == JsonValueKind.String => Put(at, keys[i], new() { [RecordChecker.Discriminator] = bare.DeepClone() }),
                _ => throw new ConfigurationException(string.Join('.', keys[..(i + 1)]), $"has no keys, so '{assignment}' cannot set one below it."),
            };
        }

        if (keys[^1] == RecordChecker.Discriminator && !JsonNode.DeepEquals(at[keys[^1]], value))
        {
            at.Clear();
        }

        at[keys[^1]] = value;
    }

    /// <summary>The record that it says.</summary>
    /// <exception cref="ConfigurationException">It says none; the message names file, line, column and path.</exception>
    public T Bind<T>()
    {
        try
        {
            return RecordJson.FromNode<T>(root);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("", $"{name}{Place(e.Path)}: {e.Message}", e);
        }
    }

    // The nearest place above a path that the file itself has: overrides and defaults have none.
    private string Place(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (places.TryGetValue(at, out var place))
            {
                return $"({place.Line},{place.Column})";
            }
        }

        return "";
    }

    private static JsonObject Put(JsonObject at, string key, JsonObject value)
    {
        at[key] = value;
        return value;
    }

    /// <summary>A record as YAML, all members written out.</summary>
    public static string ToYaml<T>(T record)
    {
        var text = new StringBuilder();
        Write(text, RecordJson.ToNode(record), 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        foreach (var (key, value) in (JsonObject)node!)
        {
            text.Append(' ', depth * 2).Append(key).Append(':');
            if (value is JsonObject { Count: > 0 } map)
            {
                text.Append('\n');
                Write(text, map, depth + 1);
            }
            else
            {
                // JSON is YAML: lists and scalars are written in their JSON form.
                text.Append(' ').Append(value is null ? "null" : value.ToJsonString(Compact)).Append('\n');
            }
        }
    }

    private static readonly JsonSerializerOptions Compact = new(RecordJson.Options) { WriteIndented = false };
}

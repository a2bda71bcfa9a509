using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>What a command line says is searched: <c>training.optimizer.learningRate=logUniform(1e-4, 1e-1)</c>.</summary>
internal static partial class SearchOverride
{
    private const string Auto = "auto", Space = "search.space.";
    private static readonly string[] Kinds = ["uniform", "logUniform", "integer", "choice", Auto];

    /// <summary>The path and what is searched there, as a file would write it; <see langword="null"/> where the text is
    /// another kind of override.</summary>
    /// <exception cref="ConfigurationException">The arguments cannot be read.</exception>
    public static (string Path, JsonNode Searched)? Of(string assignment)
    {
        // What stands in the file below search.space may be named so too.
        assignment = assignment.StartsWith(Space, StringComparison.Ordinal) ? assignment[Space.Length..] : assignment;
        if (Written().Match(assignment) is not { Success: true } match)
        {
            return Form(assignment);
        }

        var (path, arguments) = (match.Groups[1].Value.Trim(), match.Groups[3].Value);
        var kind = Kinds.First(k => k.Equals(match.Groups[2].Value, StringComparison.OrdinalIgnoreCase));
        if (kind == Auto)
        {
            return (path, JsonValue.Create(Auto));
        }

        JsonArray given;
        try
        {
            given = Yaml.ParseValue($"[{arguments}]") as JsonArray ?? [];
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("", $"the override '{assignment}'{e.Problem}", e);
        }

        // integer(1, 64, log: true): what has a name stands beside the numbers.
        var form = new JsonObject();
        var plain = new JsonArray();
        foreach (var argument in given)
        {
            if (kind != "choice" && argument is JsonObject { Count: 1 } named)
            {
                form[named.First().Key] = named.First().Value?.DeepClone();
            }
            else
            {
                plain.Add(argument?.DeepClone());
            }
        }

        form.Insert(0, kind, plain);
        return (path, form);
    }

    // network.hidden={list: {integer: [8, 64]}, length: [1, 2]}: as a file writes it.
    private static (string Path, JsonNode Searched)? Form(string assignment)
    {
        int equals = assignment.IndexOf("={", StringComparison.Ordinal);
        if (equals <= 0)
        {
            return null;
        }

        try
        {
            return Yaml.ParseValue(assignment[(equals + 1)..]) is JsonObject keys && SearchedValueReader.IsForm(keys)
                ? (assignment[..equals].Trim(), keys)
                : null;
        }
        catch (ConfigurationException)
        {
            // The override itself is told what is wrong with it.
            return null;
        }
    }

    [GeneratedRegex(@"^([^=]+)=\s*(uniform|logUniform|integer|choice|auto)\((.*)\)\s*$", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Written();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>What a command line says is searched: <c>training.optimizer.learningRate=logUniform(1e-4, 1e-1)</c>.</summary>
internal static partial class SearchOverride
{
    private const string Auto = "auto";

    /// <summary>The path and what is searched there, as a file would write it; <see langword="null"/> where the text is
    /// another kind of override.</summary>
    /// <exception cref="ConfigurationException">The arguments cannot be read.</exception>
    public static (string Path, JsonNode Searched)? Of(string assignment)
    {
        if (Written().Match(assignment) is not { Success: true } match)
        {
            return null;
        }

        var (path, kind, arguments) = (match.Groups[1].Value.Trim(), match.Groups[2].Value, match.Groups[3].Value);
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

    [GeneratedRegex(@"^([^=]+)=\s*(uniform|logUniform|integer|choice|auto)\((.*)\)\s*$", RegexOptions.Singleline)]
    private static partial Regex Written();
}

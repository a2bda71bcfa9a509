using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MlNetDl.Configuration;

/// <summary>Reads YAML into a tree with the place of every value, strictly: duplicate keys, aliases and several
/// documents are errors.</summary>
/// <remarks>Plain scalars follow YAML 1.2's core schema, without its octal and hexadecimal forms. So <c>007</c>,
/// <c>0x10</c>, <c>yes</c> and <c>.inf</c> stay text, and a key that takes a number refuses them.</remarks>
internal static partial class Yaml
{
    private const int MaxLength = 4 << 20;

    public static (JsonNode? Root, Dictionary<string, (long Line, long Column)> Places) Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ConfigurationException("", $"the file has {text.Length} characters; a configuration has at most {MaxLength}.");
        }

        var places = new Dictionary<string, (long, long)>();
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return (null, places);
            }

            parser.Consume<DocumentStart>();
            var root = Value(parser, "", places, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                throw At(second.Start, "a second document starts here; a configuration is one document.");
            }

            return (root, places);
        }
        catch (YamlException e)
        {
            throw YamlProblem.Of(text, e.Start, (e.InnerException?.Message ?? e.Message).TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // The parser reports this where a list or a map in brackets goes on in the next line without a comma.
            throw YamlProblem.Of(text, parser.Current!.End, "While parsing a flow collection, found a text of several lines");
        }
    }

    /// <summary>Reads the value of an override, the text behind its =.</summary>
    public static JsonNode? ParseValue(string text) => Parse(text).Root;

    private static JsonNode? Value(Parser parser, string path, Dictionary<string, (long, long)> places, int depth)
    {
        var next = parser.Current!;
        places.TryAdd(path, (next.Start.Line, next.Start.Column));
        if (depth > RecordDepth.Limit)
        {
            throw At(next.Start, RecordDepth.Problem);
        }

        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
        {
            throw At(next.Start, "anchors (&) and aliases (*) are not allowed in a configuration; write the value out.");
        }

        switch (next)
        {
            case Scalar scalar:
                parser.MoveNext();
                return Plain(scalar);
            case SequenceStart:
                parser.MoveNext();
                var list = new JsonArray();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    list.Add(Value(parser, $"{path}[{list.Count}]", places, depth + 1));
                }

                return list;
            default:
                parser.Consume<MappingStart>();
                return Mapping(parser, path, places, depth);
        }
    }

    private static JsonObject Mapping(Parser parser, string path, Dictionary<string, (long, long)> places, int depth)
    {
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw At(parser.Current!.Start, "a key must be a word.");
            }

            var below = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (map.ContainsKey(key.Value))
            {
                throw At(key.Start, $"key '{below}' stands here a second time; give it once.");
            }

            places[below] = (key.Start.Line, key.Start.Column);
            map[key.Value] = Value(parser, below, places, depth + 1);
        }

        return map;
    }

    private static JsonNode? Plain(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        if (text is "" or "~" or "null")
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return JsonValue.Create(text == "true");
        }

        if (Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return JsonValue.Create(whole);
        }

        return Number().IsMatch(text)
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    internal static ConfigurationException At(Mark mark, string problem) => new("", $"({mark.Line},{mark.Column}): {problem}");

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}

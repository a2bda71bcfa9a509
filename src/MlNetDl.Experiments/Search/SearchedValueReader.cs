using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Naming;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Experiments;

/// <summary>Reads what is searched from its written form: <c>{ logUniform: [1e-4, 1e-1] }</c>, <c>{ choice: [...] }</c>,
/// <c>{ list: ..., length: [1, 3] }</c>, and values with such parts inside.</summary>
internal static class SearchedValueReader
{
    private const string ChoiceKey = "choice", ListKey = "list", LengthKey = "length", AscendingKey = "ascending", DescendingKey = "descending";
    private const int LongestList = 64, LongestLabel = 60;
    private static readonly string[] Kinds = ["uniform", "logUniform", "integer", ChoiceKey, ListKey];
    private static readonly string[] Further = ["step", "log", "atLeast", "atMost", LengthKey, AscendingKey, DescendingKey];

    /// <summary>Reads a value.</summary>
    /// <param name="node">As it is written.</param>
    /// <param name="name">The name of its parameter: the path of the value.</param>
    /// <exception cref="ConfigurationException">It cannot be searched. The path names the part, from
    /// <paramref name="name"/> on.</exception>
    public static SearchedValue Read(JsonNode? node, string name) => node switch
    {
        JsonObject keys when IsForm(keys) => Form(keys, name),
        JsonObject keys => Whole(
            new SearchedMembers([.. keys.Select(m => (m.Key, Read(m.Value, RecordPath.Below(name, m.Key))))]), node),
        JsonArray items => Whole(new SearchedItems([.. items.Select((item, i) => Read(item, $"{name}[{i}]"))]), node),
        _ => new FixedValue(node),
    };

    /// <summary>Whether keys describe what is searched, and are no value of the experiment.</summary>
    public static bool IsForm(JsonObject keys) => !keys.ContainsKey("type") && keys.Any(k => Kinds.Contains(k.Key));

    /// <summary>What a value that searches nothing may have been meant to be: <c>; did you mean 'logUniform'?</c></summary>
    public static string Hint(JsonNode? node) =>
        node is JsonObject { Count: > 0 } keys && Nearest.Of(keys.First().Key, Kinds) is { } kind ? $"; did you mean '{kind}'?" : "";

    private static SearchedValue Whole(SearchedValue value, JsonNode node) => value.Parameters().Any() ? value : new FixedValue(node);

    private static SearchedValue Form(JsonObject keys, string name)
    {
        var kinds = keys.Select(k => k.Key).Where(k => Kinds.Contains(k)).ToList();
        if (keys.FirstOrDefault(k => !Kinds.Contains(k.Key) && !Further.Contains(k.Key)).Key is { } unknown)
        {
            throw new ConfigurationException(name, $"has the unknown key '{unknown}'; {Nearest.Hint(unknown, [.. Kinds, .. Further])}");
        }

        if (kinds.Count > 1)
        {
            throw new ConfigurationException(name, $"has {string.Join(" and ", kinds)}; expected one of them.");
        }

        return kinds[0] switch
        {
            ChoiceKey => ChoiceOf(keys, name),
            ListKey => ListOf(keys, name),
            _ => Range(keys, name),
        };
    }

    private static SearchedScalar Range(JsonObject keys, string name)
    {
        if (keys.FirstOrDefault(k => k.Key is "atLeast" or "atMost" && k.Value?.GetValueKind() == JsonValueKind.Number) is { Key: { } bound } fixedBound)
        {
            throw new ConfigurationException(RecordPath.Below(name, bound), $"is {fixedBound.Value!.ToJsonString()}, but names another searched "
                + "parameter; a fixed bound is an end of the range.");
        }

        try
        {
            var form = ParameterForm.FromJson(keys.ToJsonString());
            return new(name, form.ToDistribution(name)) { AtLeast = form.AtLeast, AtMost = form.AtMost };
        }
        catch (ConfigurationException e)
        {
            // What is said of the whole range needs no name beside the path.
            var path = e.Path.StartsWith(name, StringComparison.Ordinal) || e.Path.Length == 0 ? name : RecordPath.Below(name, e.Path);
            throw new ConfigurationException(
                path, $"is no range: {e.Problem.Replace($"parameter '{name}': ", "", StringComparison.Ordinal)}", e);
        }
    }

    private static SearchedValue ChoiceOf(JsonObject keys, string name)
    {
        if (keys[ChoiceKey] is not JsonArray { Count: > 0 } options || keys.Count > 1)
        {
            throw new ConfigurationException(name, "expected a list of options, such as { choice: [32, 64, 128] }, and no other key, "
                + $"but got {Written(keys)}.");
        }

        if (options.All(o => o is null or JsonValue))
        {
            var choice = new Choice([.. options.Select(o => Option.Of(o))]);
            if (choice.Options.GroupBy(o => o).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new ConfigurationException(name, $"has the option {twice.Key.Json} twice; give it once.");
            }

            return new SearchedScalar(name, choice);
        }

        var labels = Labels(options, name);
        return new SearchedBranch(name, [.. options.Select((o, i) => (labels[i], Read(o, $"{name}[{labels[i]}]")))]);
    }

    private static SearchedList ListOf(JsonObject keys, string name)
    {
        if (keys[LengthKey] is not JsonArray { Count: 2 } ends || !TryWhole(ends[0], out int from)
            || !TryWhole(ends[1], out int to) || from < 0 || from > to || to > LongestList)
        {
            throw new ConfigurationException(name, "expected a list with its least and its greatest length, such as "
                + $"{{ list: {{ integer: [16, 256] }}, length: [1, 3] }}, but got the length {Written(keys[LengthKey])}; lengths are 0 to {LongestList}.");
        }

        var (ascends, descends) = (IsSet(keys, AscendingKey, name), IsSet(keys, DescendingKey, name));
        if (keys.FirstOrDefault(k => k.Key is not (ListKey or LengthKey or AscendingKey or DescendingKey)).Key is { } other)
        {
            throw new ConfigurationException(name, $"has '{other}' beside the list; it belongs to what is in the list, such as "
                + "{ list: { integer: [16, 256], step: 16 }, length: [1, 3] }.");
        }

        SearchedValue[] items = [.. Enumerable.Range(0, to).Select(i => Read(keys[ListKey], $"{name}[{i}]"))];
        if ((ascends && descends) || ((ascends || descends) && items.Any(i => i is not SearchedScalar { Distribution: not Choice })))
        {
            throw new ConfigurationException(name, ascends && descends
                ? "is both ascending and descending; leave one of them out."
                : $"is {(ascends ? AscendingKey : DescendingKey)}, which a list of numbers can be, such as "
                    + "{ list: { integer: [16, 256] }, length: [1, 3], descending: true }.");
        }

        return new(
            RecordPath.Below(name, LengthKey),
            new(from, to),
            [.. items.Select((item, i) => i > 0 && (ascends || descends) ? Beside((SearchedScalar)item, $"{name}[{i - 1}]", ascends) : item)]);
    }

    private static SearchedScalar Beside(SearchedScalar item, string before, bool ascends) =>
        ascends ? item with { AtLeast = before } : item with { AtMost = before };

    private static bool IsSet(JsonObject keys, string key, string name) => keys[key]?.GetValueKind() switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw new ConfigurationException(RecordPath.Below(name, key), $"expected true or false but got {keys[key]!.ToJsonString()}."),
    };

    private static bool TryWhole(JsonNode? node, out int value)
    {
        value = 0;
        return node is JsonValue number && number.GetValueKind() == JsonValueKind.Number
            && int.TryParse(number.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    // A component's type where no other option has it, then its plain keys too, then its place among those of its type.
    private static List<string> Labels(JsonArray options, string name)
    {
        if (options.Select(Written).Distinct().Count() < options.Count)
        {
            throw new ConfigurationException(name, "has an option twice; give it once.");
        }

        var labels = options.Select(Short).ToList();
        foreach (var detail in new Func<int, string>[] { i => WithPlainKeys(options[i]), i => WithPlace(options, i) })
        {
            var several = labels.Where(l => labels.Count(other => other == l) > 1).ToHashSet();
            labels = [.. labels.Select((l, i) => several.Contains(l) ? detail(i) : l)];
        }

        return labels;
    }

    private static string WithPlace(JsonArray options, int index) => options[index] is JsonObject keys && TypeOf(keys) is { } type
        ? string.Create(CultureInfo.InvariantCulture, $"{type}-{options.Take(index + 1).Count(o => o is JsonObject other && TypeOf(other) == type)}")
        : Written(options[index]);

    private static string Short(JsonNode? option) => option switch
    {
        JsonObject keys when TypeOf(keys) is { } type => type,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => Written(option) is { Length: <= LongestLabel } written ? written : $"{Written(option)[..LongestLabel]}…",
    };

    private static string WithPlainKeys(JsonNode? option) => option is JsonObject keys && TypeOf(keys) is { } type
        ? $"{type}({string.Join(
            ", ", keys.Where(k => k.Key != "type" && k.Value is JsonValue).Select(k => $"{k.Key}: {k.Value!.ToJsonString()}"))})"
        : Written(option);

    private static string Written(JsonNode? option) => option is null ? "null" : new Option(option.ToJsonString()).Json;

    private static string? TypeOf(JsonObject keys) =>
        keys["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String ? type.GetValue<string>() : null;
}

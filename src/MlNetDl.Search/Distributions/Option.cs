using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;

namespace MlNetDl.Search.Distributions;

/// <summary>One value that a <see cref="Choice"/> may take: anything with a JSON form (text, a number, true, null, a
/// list, a record), compared by that form.</summary>
[JsonConverter(typeof(OptionJson))]
public readonly record struct Option
{
    /// <summary>The option of a JSON text.</summary>
    /// <param name="json">The value as JSON, in whatever spelling.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public Option(string json)
        : this(CanonicalJson.Of(json), default)
    {
    }

    private Option(string canonical, ValueTuple marker) => Json = canonical;

    /// <summary>The value as compact JSON with no more escapes and digits than it needs: one spelling a value (0.1 for
    /// 0.10 and 1e-1), so that options can be compared by it. Numbers with more digits than a <see cref="double"/>
    /// holds keep their spelling.</summary>
    public string Json { get; }

    /// <summary>The option of a value.</summary>
    /// <exception cref="NotSupportedException">The value has no JSON form.</exception>
    /// <exception cref="ArgumentException">The value is or holds NaN or an infinity, which JSON lacks.</exception>
    public static Option Of<T>(T value)
    {
        try
        {
            return Made(value);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"the value {Text(value)} has no JSON form: it is or holds NaN or an infinity; take finite numbers, text or null.", e);
        }
    }

    /// <summary>The option of a value that has a name.</summary>
    /// <param name="kind">What has the name, for messages: <c>parameter</c>.</param>
    /// <param name="name">The name, for messages.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value has no JSON form; the message has the name.</exception>
    internal static Option Of<T>(string kind, string name, T value)
    {
        try
        {
            return Of(value);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{kind} '{name}': {e.Message}", e);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException($"{kind} '{name}': the value {Text(value)} has no JSON form: {e.Message}", e);
        }
    }

    /// <summary>Whether all numbers in the value are finite as a <see cref="double"/>.</summary>
    internal bool IsFinite => IsFiniteIn(JsonNode.Parse(Json));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";

    private static bool IsFiniteIn(JsonNode? node) => node switch
    {
        JsonObject members => members.All(m => IsFiniteIn(m.Value)),
        JsonArray items => items.All(IsFiniteIn),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => double.IsFinite(value.GetValue<double>()),
        _ => true,
    };

    private static Option Made<T>(T value) => value switch
    {
        null => new("null", default),
        bool b => new(b ? "true" : "false", default),
        int i => new(i.ToString(CultureInfo.InvariantCulture), default),
        long l => new(l.ToString(CultureInfo.InvariantCulture), default),
        double d when double.IsFinite(d) => new(CanonicalJson.OfNumber(d), default),
        string text => new(CanonicalJson.OfText(text), default),
        Option option => option,
        JsonNode node => new(node.ToJsonString()),
        _ => new((typeof(T) == typeof(object) ? RecordJson.ToNode<object>(value) : RecordJson.ToNode(value)).ToJsonString()),
    };

    /// <summary>The value as a record or a plain type.</summary>
    /// <exception cref="ConfigurationException">The JSON is no such value.</exception>
    public T? As<T>() => Json == "null" ? default : RecordJson.FromNode<T>(JsonNode.Parse(Json));

    /// <summary>The value without its type: text, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>,
    /// <see langword="null"/>, or a <see cref="JsonNode"/> for what is more than a scalar.</summary>
    public object? Plain()
    {
        var node = JsonNode.Parse(Json);
        return node?.GetValueKind() switch
        {
            null => null,
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(node.AsValue()),
            _ => node,
        };
    }

    /// <summary>The value, text without its quotation marks.</summary>
    public override string ToString() => Plain() is string text ? text : Json;

    private static object Number(JsonValue value) => value.TryGetValue(out long whole) ? (object)whole : value.GetValue<double>();
}

/// <summary>An option as the JSON it stands for.</summary>
internal sealed class OptionJson : JsonConverter<Option>
{
    public override bool HandleNull => true;

    public override Option Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Option.Of(JsonNode.Parse(ref reader));

    public override void Write(Utf8JsonWriter writer, Option value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json);
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>A value of a table as its file has it; in YAML a word, or a number.</summary>
/// <param name="Text">The value.</param>
[JsonConverter(typeof(TableWordJson))]
public readonly record struct TableWord(string Text)
{
    /// <summary>A value.</summary>
    public static implicit operator TableWord(string text) => FromString(text);

    /// <summary>A value.</summary>
    public static TableWord FromString(string text) => new(text);

    /// <summary>The value.</summary>
    public override string ToString() => Text;
}

/// <summary>A number is the word that it is written as.</summary>
internal sealed class TableWordJson : JsonConverter<TableWord>, IRecordForm
{
    public JsonObject Schema => new() { ["type"] = new JsonArray("string", "number") };

    public override TableWord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new JsonException("is neither a word nor a number."),
    };

    public override void Write(Utf8JsonWriter writer, TableWord value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}

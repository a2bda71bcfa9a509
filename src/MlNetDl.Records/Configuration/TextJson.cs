using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MlNetDl.Configuration;

/// <summary>A value that stands in files as its text, which <see cref="object.ToString"/> gives.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
/// <param name="expected">What is expected, for messages: <c>auto, cpu or cuda</c>.</param>
/// <param name="pattern">The regular expression of the texts, for editors; <see langword="null"/> for any.</param>
internal abstract class TextJson<T>(string expected, string? pattern = null) : JsonConverter<T>, IRecordForm
    where T : notnull
{
    /// <inheritdoc/>
    public JsonObject Schema => pattern is null ? new() { ["type"] = "string" } : new() { ["type"] = "string", ["pattern"] = pattern };

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()!) : throw new JsonException($"expected {expected}.");
        }
        catch (ArgumentException)
        {
            throw new JsonException($"expected {expected}.");
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");

    /// <summary>The value of a text.</summary>
    /// <exception cref="ArgumentException">It is of none.</exception>
    protected abstract T Parse(string text);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Metrics;

namespace MlNetDl.Experiments;

/// <summary>Writes items of long lists on a line each, so that people can read a result with a hundred classes.</summary>
internal sealed class OneLineJson : JsonConverterFactory
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(ClassReport) || typeToConvert == typeof(ConfusedClasses)
        || typeToConvert == typeof(WorstRow) || typeToConvert == typeof(IReadOnlyList<long>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Item<>).MakeGenericType(typeToConvert))!;

    private sealed class Item<T> : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<T>(ref reader, Compact);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteRawValue(Begin(writer) + JsonSerializer.Serialize(value, Compact));

        // Raw values come without the line break and the blanks of others.
        private static string Begin(Utf8JsonWriter writer) =>
            writer.Options.Indented ? writer.Options.NewLine + new string(' ', writer.CurrentDepth * writer.Options.IndentSize) : "";
    }
}

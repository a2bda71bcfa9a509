using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetDl.Experiments;

/// <summary>Figures by name as JSON: one that is not defined is null, and NaN in memory.</summary>
internal sealed class FiguresJson : JsonConverter<IReadOnlyDictionary<string, double>>
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Dictionary<string, double?>>(ref reader, options)?.ToDictionary(f => f.Key, f => f.Value ?? double.NaN);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, double> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToDictionary(f => f.Key, f => double.IsNaN(f.Value) ? (double?)null : f.Value), options);
}

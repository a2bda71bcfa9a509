using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetDl.Layers.Contracts;

/// <summary>A shape as the text <c>[N, 3, 32, 32]</c>.</summary>
internal sealed class ShapeTextJson : JsonConverter<Shape>
{
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Shape.Parse(reader.GetString() ?? "");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

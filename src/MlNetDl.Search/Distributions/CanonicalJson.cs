using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MlNetDl.Search.Distributions;

/// <summary>JSON in one spelling a value: compact, no more escapes than needed, numbers as short as they can be.
/// Members of an object keep their order.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions CompactText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Compact))
        {
            Write(writer, document.RootElement);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static string OfText(string text) => JsonSerializer.Serialize(text, CompactText);

    /// <summary>A finite number. Whole ones are written as whole numbers are, and there is one zero.</summary>
    public static string OfNumber(double number) => number == Math.Floor(number) && Math.Abs(number) < 9e18
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : JsonSerializer.Serialize(number);

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(element), skipInputValidation: true);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // A number with more digits than a double, or beyond its range, keeps its spelling, because another spelling would
    // be another value.
    private static string Number(JsonElement element)
    {
        if (element.TryGetInt64(out long whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        string spelled = element.GetRawText();
        if (!element.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            return spelled;
        }

        string text = OfNumber(number);
        return Digits(spelled) == Digits(text) ? text : spelled;
    }

    // The digits that count: without sign, point, exponent and the zeros around them.
    private static string Digits(string number) =>
        number.Split('e', 'E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0').TrimEnd('0');
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The data that a training is validated with: a share of the training part, or data of its own.</summary>
/// <param name="Fraction">The share that is held out of the training part, above 0 and below 1; <see langword="null"/> where data is named. It means
/// the same as <c>training.validationFraction</c>.</param>
/// <param name="Path">A file or folder of the same kind as the training data; <see langword="null"/> where a share is held out.</param>
[JsonConverter(typeof(ValidationDataJson))]
public readonly record struct ValidationData(double? Fraction, string? Path)
{
    /// <summary>A share of the training part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie between 0 and 1.</exception>
    public static implicit operator ValidationData(double fraction) => FromDouble(fraction);

    /// <summary>A share of the training part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie between 0 and 1.</exception>
    public static ValidationData FromDouble(double fraction) => fraction is > 0 and < 1 ? new(fraction, null)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "A share that is held out lies above 0 and below 1.");

    /// <summary>A file or folder.</summary>
    public static implicit operator ValidationData(string path) => FromString(path);

    /// <summary>A file or folder.</summary>
    public static ValidationData FromString(string path) => new(null, path);
}

/// <summary>A number is a share, a text is a path.</summary>
internal sealed class ValidationDataJson : JsonConverter<ValidationData>, IRecordForm
{
    public JsonObject Schema => new() { ["type"] = new JsonArray("number", "string") };

    public override ValidationData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.GetDouble() is > 0 and < 1 and var fraction => fraction,
        JsonTokenType.Number => throw new JsonException(string.Create(CultureInfo.InvariantCulture,
            $"is {reader.GetDouble()}, but a share that is held out lies above 0 and below 1; leave the key out to hold out nothing.")),
        JsonTokenType.String when reader.GetString() is { Length: > 0 } path => path,
        _ => throw new JsonException("is neither a share such as 0.2 nor a path."),
    };

    public override void Write(Utf8JsonWriter writer, ValidationData value, JsonSerializerOptions options)
    {
        if (value.Fraction is { } fraction)
        {
            writer.WriteNumberValue(fraction);
        }
        else
        {
            writer.WriteStringValue(value.Path);
        }
    }
}

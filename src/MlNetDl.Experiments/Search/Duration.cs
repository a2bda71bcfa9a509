using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>A span of time as people write it: <c>90s</c>, <c>10m</c>, <c>1h30m</c>, <c>2d</c>; a number alone is
/// seconds.</summary>
/// <param name="Time">The time, above 0 and at most 30 days.</param>
[JsonConverter(typeof(DurationJson))]
public readonly partial record struct Duration(TimeSpan Time)
{
    // Timers wait for some 49 days at most, and a worker takes 30.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It is no time above 0.</exception>
    public static Duration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A number without a unit behind others, as in 1h30, would be seconds where minutes are meant.
        var written = text.Trim();
        var match = Written().Match(written.Length > 0 && written.All(c => char.IsAsciiDigit(c) || c == '.') ? written + "s" : written);
        if (!match.Success || match.Length == 0)
        {
            throw new FormatException($"'{text}' is no time; expected one such as 90s, 10m, 1h30m or 2d.");
        }

        double seconds = Part(1, 86_400) + Part(2, 3_600) + Part(3, 60) + Part(4, 1);
        if (seconds <= 0 || seconds > Longest.TotalSeconds)
        {
            throw new FormatException($"'{text}' is out of range; expected a time above 0 and at most {Longest.TotalDays} days.");
        }

        return new(TimeSpan.FromSeconds(seconds));

        double Part(int group, double unit) => match.Groups[group].Success
            ? double.Parse(match.Groups[group].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit
            : 0;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        if (Time.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds}s");
        }

        var parts = new[] { (Time.Days, "d"), (Time.Hours, "h"), (Time.Minutes, "m"), (Time.Seconds, "s") };
        return string.Concat(parts.Where(p => p.Item1 > 0).Select(p => p.Item1.ToString(CultureInfo.InvariantCulture) + p.Item2));
    }

    private const string Number = @"([0-9]+(?:\.[0-9]+)?)";

    [GeneratedRegex($"^(?:{Number} ?d)? ?(?:{Number} ?h)? ?(?:{Number} ?m(?:in)?)? ?(?:{Number} ?s)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}

/// <summary>A duration as text; a number is seconds.</summary>
internal sealed class DurationJson : JsonConverter<Duration>, IRecordForm
{
    public JsonObject Schema => new() { ["type"] = new JsonArray("string", "number") };

    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Duration.Parse(reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => reader.GetDouble().ToString("F3", CultureInfo.InvariantCulture),
                _ => throw new FormatException("expected a time such as 90s, 10m, 1h30m or 2d."),
            });
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>A fine pattern of masks: of each <paramref name="Of"/> neighbours along the inputs, <paramref name="Kept"/>
/// stay. In YAML <c>2:4</c>, which graphics processors compute at twice the speed (Mishra et al. 2021,
/// arXiv:2104.08378).</summary>
/// <param name="Kept">The weights that stay, 1 or more.</param>
/// <param name="Of">The neighbours, more than <paramref name="Kept"/>.</param>
[JsonConverter(typeof(MaskPatternJson))]
public sealed partial record MaskPattern(int Kept, int Of) : ICheckedRecord
{
    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => Kept >= 1 && Kept < Of
        ? []
        : [new("", $"is {this}, which is no pattern: of so many neighbours, some stay and some go, such as 2:4.")];

    /// <summary>The share of weights that goes, where the inputs are a multiple of <see cref="Of"/>.</summary>
    public double Share => 1 - ((double)Kept / Of);

    /// <summary>The pattern in a text such as <c>2:4</c>.</summary>
    /// <exception cref="FormatException">It is no pattern.</exception>
    public static MaskPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Form().Match(text);
        if (match.Success
            && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out int kept)
            && int.TryParse(match.Groups[2].Value, CultureInfo.InvariantCulture, out int of)
            && kept >= 1
            && kept < of)
        {
            return new(kept, of);
        }

        throw new FormatException($"'{text}' is no pattern of masks; write how many of how many neighbours stay, such as '2:4'.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kept}:{Of}");

    [GeneratedRegex(@"^(\d{1,4}):(\d{1,4})$")]
    private static partial Regex Form();
}

/// <summary>A pattern as a text.</summary>
internal sealed class MaskPatternJson : JsonConverter<MaskPattern>, IRecordForm
{
    public JsonObject Schema => new() { ["type"] = "string", ["pattern"] = "^[0-9]+:[0-9]+$" };

    public override MaskPattern Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return MaskPattern.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString());
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, MaskPattern value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

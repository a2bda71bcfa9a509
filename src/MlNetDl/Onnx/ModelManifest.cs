using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Onnx;

/// <summary>What a <see cref="ModelPackage"/> says of itself.</summary>
/// <remarks>Generated JSON code hands a member that the text lacks to its <c>init</c> as <see langword="null"/>, which therefore puts the default back.</remarks>
public sealed record ModelManifest
{
    /// <summary>The newest format this library reads and the one it writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The package's format version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What the outputs mean.</summary>
    public required PredictionTask Task { get; init; }

    /// <summary>The column the features are read from.</summary>
    public required string FeatureColumn { get; init; }

    /// <summary>The label column of training.</summary>
    public string LabelColumn { get; init => field = value ?? "Label"; } = "Label";

    /// <summary>Shape of the input, such as <c>[N, 1, 28, 28]</c>.</summary>
    [JsonConverter(typeof(ShapeJson))]
    public required Shape Input { get; init; }

    /// <summary>Width of the score: classes, or values.</summary>
    public required int Outputs { get; init; }

    /// <summary>Trainable weights of the network, auxiliary heads included.</summary>
    public long Parameters { get; init; }

    /// <summary>For an image column, how images are prepared; <see langword="null"/> for vectors.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>Names of the classes by index; empty for binary classification and regression.</summary>
    public ValueList<string> ClassNames { get; init => field = value ?? []; } = [];

    /// <summary>What the classes were in the data; their names are then the text of such values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ClassValueType ClassValues { get; init; }

    /// <summary>Whether the score is a vector even where <see cref="Outputs"/> is 1: the label was a vector of length 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool VectorScore { get; init; }

    /// <summary>How it was trained; <see langword="null"/> where nobody said.</summary>
    public TrainingSummary? Training { get; init; }

    /// <summary>The trained network's tree in JSON, from which it can be rebuilt to train on. May name layer types unknown here; scoring does not read it.</summary>
    public JsonElement? Network { get; init; }

    /// <summary>The library's version that wrote it.</summary>
    public string LibraryVersion { get; init => field = value ?? "unknown"; } = typeof(ModelManifest).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>What is written into the metadata of a plain <c>.onnx</c>.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            ["mlnetdl.task"] = JsonNamingPolicy.CamelCase.ConvertName(Task.ToString()),
            ["mlnetdl.input"] = Input.ToString(),
            ["mlnetdl.libraryVersion"] = LibraryVersion,
        };
        if (ClassNames.Count > 0)
        {
            metadata["mlnetdl.classNames"] = JsonSerializer.Serialize(ClassNames.ToArray(), ManifestJson.Default.StringArray);
        }

        if (Image is { } image)
        {
            metadata["mlnetdl.image"] = $"{(image.Channels == 1 ? "grey" : "RGB")} 0-255, {image.Height}x{image.Width} (height x width), resize: {JsonNamingPolicy.CamelCase.ConvertName(image.Resize.ToString())}";
        }

        return metadata;
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest);

    /// <summary>Hosts allocate by these sizes, so a manifest may not claim what no network of this library has.</summary>
    /// <exception cref="ModelFormatException">A size is out of range or contradicts another.</exception>
    internal void Check()
    {
        if (Problem() is { } wrong)
        {
            throw new ModelFormatException($"The model's manifest claims {wrong}; it is damaged or not of this library.");
        }
    }

    /// <summary>The size that is out of range or contradicts another; <see langword="null"/> where there is none.</summary>
    internal string? Problem()
    {
        const int MostOutputs = 1 << 20, MostElements = 1 << 24;
        int unwritable = ClassNames.ToList().FindIndex(LoneSurrogates.In);
        var elements = Input.Dims.Aggregate((Int128)1, (product, d) => product > MostElements ? product : product * (d.Size ?? 1));
        return !Enum.IsDefined(Task) ? $"an unknown task {Task}"
            : Outputs is < 1 or > MostOutputs ? $"{Outputs} outputs"
            : Input.Rank < 2 || elements < 1 || elements > MostElements ? $"the input {Input}"
            : ClassNames.Count > 0 && ClassNames.Count != Outputs ? $"{ClassNames.Count} class names for {Outputs} outputs"
            : unwritable >= 0 ? $"a name of class {unwritable} that no file can hold: '{LoneSurrogates.Shown(ClassNames[unwritable])}' has half of a surrogate pair; rename the class"
            : new[] { FeatureColumn, LabelColumn }.FirstOrDefault(LoneSurrogates.In) is { } column ? $"a column that no file can name: '{LoneSurrogates.Shown(column)}' has half of a surrogate pair; rename it"
            : !Enum.IsDefined(ClassValues) ? $"an unknown type of class values {ClassValues}"
            : ClassNames.FirstOrDefault(n => !ClassValueText.Fits(ClassValues, n)) is { } name ? $"a class '{name}', which is no {ClassValues}"
            : Image is { } size && (size.Channels is not (1 or 3) || !Enum.IsDefined(size.Resize)) ? $"images of {size.Channels} channels, resized by {size.Resize}"
            : Image is { } image && Input != Shape.Image(image.Channels, image.Height, image.Width) ? $"the input {Input} for images of {image.Channels} channels, {image.Height} x {image.Width}"
            : null;
    }

    internal static ModelManifest FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest) ?? throw new ModelFormatException("The model's manifest is empty.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"The model's manifest cannot be read: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, MaxDepth = 512,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(NamesJson)])]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>A shape as the text <c>[N, 1, 28, 28]</c>.</summary>
internal sealed class ShapeJson : JsonConverter<Shape>
{
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Shape.Parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class NamesJson : JsonConverter<ValueList<string>>
{
    public override ValueList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (JsonSerializer.Deserialize(ref reader, ManifestJson.Default.StringArray) ?? []).ToValueList();

    public override void Write(Utf8JsonWriter writer, ValueList<string> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), ManifestJson.Default.StringArray);
}

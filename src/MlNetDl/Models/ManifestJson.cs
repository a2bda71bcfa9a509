using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Models;

/// <summary>The manifest's JSON. The code is generated, because a host that scores should not wait for
/// reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    MaxDepth = 512,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NamesJson), typeof(ValuesJson), typeof(TaskJson)])]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(ManifestFormat1))]
[JsonSerializable(typeof(ManifestHeader))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>The members that manifests of all formats have.</summary>
/// <param name="Format">The format version.</param>
internal sealed record ManifestHeader(int Format);

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

    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A list of names as a JSON array.</summary>
internal sealed class NamesJson : JsonConverter<ValueList<string>>
{
    public override ValueList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (JsonSerializer.Deserialize(ref reader, ManifestJson.Default.StringArray) ?? []).ToValueList();

    public override void Write(Utf8JsonWriter writer, ValueList<string> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), ManifestJson.Default.StringArray);
}

/// <summary>A list of values as a JSON array.</summary>
internal sealed class ValuesJson : JsonConverter<ValueList<float>>
{
    public override ValueList<float> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (JsonSerializer.Deserialize(ref reader, ManifestJson.Default.SingleArray) ?? []).ToValueList();

    public override void Write(Utf8JsonWriter writer, ValueList<float> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), ManifestJson.Default.SingleArray);
}

/// <summary>A task as its name in the catalog, or as an object with <c>type</c> where it has settings.</summary>
internal sealed class TaskJson : JsonConverter<LearningTask>
{
    private static ICatalog Tasks => CatalogRegistry.For(typeof(LearningTask))!;

    /// <summary>The name of a task's type.</summary>
    /// <exception cref="ArgumentException">It is not in the catalog.</exception>
    public static string NameOf(LearningTask task) => Tasks.EntryOf(task.GetType())?.Name ?? throw new ArgumentException(
        $"The task {task.GetType().Name} is not in the catalog, so a model could not name it; register it: "
            + $"Catalogs.Tasks.Register<{task.GetType().Name}>().");

    public override LearningTask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        try
        {
            // A bare name needs no reflection over members.
            return value.RootElement.ValueKind == JsonValueKind.String
                ? (LearningTask)Activator.CreateInstance(Tasks.Find(value.RootElement.GetString()!, "task").Type)!
                : RecordJson.Deserialize<LearningTask>(value.RootElement.GetRawText());
        }
        catch (Exception e) when (e is ConfigurationException or MissingMethodException)
        {
            throw new JsonException($"{e.Message} A host must register the tasks of its models (Catalogs.Tasks.Register).", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, LearningTask value, JsonSerializerOptions options)
    {
        var name = NameOf(value);
        var node = RecordJson.ToNode(value).AsObject();
        if (node.Count <= 1)
        {
            writer.WriteStringValue(name);
            return;
        }

        node.WriteTo(writer);
    }
}

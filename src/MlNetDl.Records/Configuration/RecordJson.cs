using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>The JSON form of the records: camelCase, enums by name, components by a <c>type</c>
/// from their catalog.</summary>
/// <remarks>
/// Reading is strict: an unknown key, a wrong type or a value out of range is an error that says where. A component may
/// be written as its bare name, <c>"adam"</c> for <c>{"type": "adam"}</c>; names of components are read in any case and
/// in any position of the object.
/// </remarks>
public static class RecordJson
{
    private static readonly Lock Gate = new();
    private static JsonSerializerOptions? options;

    /// <summary>The first use freezes the options. A host that registers a component later gets new ones.</summary>
    internal static JsonSerializerOptions Options
    {
        get
        {
            lock (Gate)
            {
                return options ??= Create();
            }
        }
    }

    internal static void CatalogsChanged()
    {
        lock (Gate)
        {
            options = null;
        }
    }

    private static JsonSerializerOptions Create()
    {
        var made = Plain();
        foreach (var converter in CatalogRegistry.Converters)
        {
            made.Converters.Add(converter);
        }

        return made;
    }

    private static JsonSerializerOptions Plain() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        MaxDepth = RecordDepth.Limit,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new ValueListJson() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Components, OnlyGivenMembers } },
    };

    /// <summary>A record as JSON.</summary>
    /// <exception cref="ConfigurationException">Its layers nest deeper than a tree may.</exception>
    public static JsonNode ToNode<T>(T record) => Written(record, () => JsonSerializer.SerializeToNode(record, Options)!);

    /// <summary>A record as JSON that cannot be changed, for a manifest.</summary>
    /// <exception cref="ConfigurationException">Its layers nest deeper than a tree may.</exception>
    public static JsonElement ToElement<T>(T record) => Written(record, () => JsonSerializer.SerializeToElement(record, Options));

    /// <summary>A record as JSON text, indented.</summary>
    /// <exception cref="ConfigurationException">Its layers nest deeper than a tree may.</exception>
    public static string Serialize<T>(T record) => Written(record, () => JsonSerializer.Serialize(record, Options));

    /// <summary>Reads a record.</summary>
    /// <exception cref="ConfigurationException">The JSON is not such a record.</exception>
    public static T Deserialize<T>(string json)
    {
        try
        {
            return FromNode<T>(JsonNode.Parse(json, documentOptions: new() { MaxDepth = Options.MaxDepth }));
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(
                "", JsonDepth.IsTooGreat(json) ? RecordDepth.Problem : $"the text is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads a record from a tree; the tree is not changed.</summary>
    /// <exception cref="ConfigurationException">The tree is not such a record.</exception>
    public static T FromNode<T>(JsonNode? node) => FromNode<T>(node, new HashSet<string>());

    /// <summary>Reads a record from a tree.</summary>
    /// <param name="node">The tree; it is not changed.</param>
    /// <param name="overDefaults">The paths whose keys change the default.</param>
    internal static T FromNode<T>(JsonNode? node, IReadOnlySet<string> overDefaults)
    {
        if (JsonDepth.IsTooGreat(node))
        {
            throw new ConfigurationException("", RecordDepth.Problem);
        }

        // Bare names and lists become whole components, so it may be deeper afterwards.
        var form = RecordChecker.Normalize(node?.DeepClone(), typeof(T), overDefaults);
        if (JsonDepth.IsTooGreat(form.Node))
        {
            throw new ConfigurationException("", RecordDepth.Problem);
        }

        if (form.Problems.Count > 0)
        {
            throw ConfigurationException.Of([.. form.Problems, .. form.Parts.SelectMany(part => Problems(part, form.Written))]);
        }

        var record = (T?)Bound(form.Node, typeof(T))
            ?? throw new ConfigurationException("", $"expected {typeof(T).Name} but the document is empty.");
        var wrong = RecordCheck.Problems(record);
        if (wrong.Count > 0)
        {
            throw ConfigurationException.Of([.. wrong.Select(p => new ConfigurationException(form.Written.Of(p)))]);
        }

        return record;
    }

    private static IEnumerable<ConfigurationException> Problems(RecordPart part, WrittenPaths written)
    {
        try
        {
            return RecordCheck.Problems(Bound(part.Node, part.Type), part.Range, part.Path)
                .Select(p => new ConfigurationException(written.Of(p)));
        }
        catch (ConfigurationException e)
        {
            var path = e.Path.Length == 0 ? part.Path : RecordChecker.Below(part.Path, e.Path);
            return [new(written.Of(path), e.Problem, e.InnerException)];
        }
    }

    private static object? Bound(JsonNode? plain, Type type)
    {
        try
        {
            return plain.Deserialize(type, Options);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(DottedPath(e.Path), Problem(e), e);
        }
        catch (ArgumentException e)
        {
            // The constructor of a component refused a value.
            throw new ConfigurationException(e.ParamName ?? "", e.Message.Split(" (Parameter '")[0], e);
        }
    }

    // Only trees of layers can be deep: no other record contains its own kind.
    private static T Written<T>(object? record, Func<T> write)
    {
        try
        {
            return WrittenWithUnnamed(record, write);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException("", RecordDepth.Problem, e);
        }
    }

    private static T WrittenWithUnnamed<T>(object? record, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (NotSupportedException)
        {
            // A component may be in no catalog; any other reason stands.
            if (!UnnamedComponents.Learn(record))
            {
                throw;
            }
        }

        return write();
    }

    /// <summary>"$.training.stages[0]" → "training.stages[0]".</summary>
    private static string DottedPath(string? path) =>
        path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    private static string Problem(JsonException e)
    {
        if (e.InnerException is { } inner and not InvalidOperationException)
        {
            return inner.Message;
        }

        var message = e.Message;
        int path = message.IndexOf(" Path: $", StringComparison.Ordinal);
        return $"the value does not fit: {(path < 0 ? message : message[..path])}";
    }

    // Computed properties are not part of a record. IgnoreReadOnlyProperties alone would keep those that are lists.
    private static void OnlyGivenMembers(JsonTypeInfo info)
    {
        foreach (var said in info.Properties.Where(p => p.Set is null && p.AssociatedParameter is null))
        {
            said.ShouldSerialize = static (_, _) => false;
        }
    }

    private static void Components(JsonTypeInfo info)
    {
        if (info.Type.IsAbstract && CatalogRegistry.For(info.Type) is { } catalog)
        {
            info.PolymorphismOptions = new()
            {
                TypeDiscriminatorPropertyName = RecordChecker.Discriminator,
                UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization,
            };
            foreach (var entry in catalog.Entries.Where(e => e.Preset.Count == 0 && info.Type.IsAssignableFrom(e.Type)))
            {
                info.PolymorphismOptions.DerivedTypes.Add(new(entry.Type, entry.Name));
            }

            foreach (var type in UnnamedComponents.Of(info.Type, catalog))
            {
                info.PolymorphismOptions.DerivedTypes.Add(new(type, UnnamedComponents.NameOf(type)));
            }
        }
    }
}

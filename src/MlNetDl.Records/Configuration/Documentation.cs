using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace MlNetDl.Configuration;

/// <summary>Descriptions from the XML documentation files that lie beside the assemblies. Nothing is declared twice:
/// lists and the JSON schema quote the documentation.</summary>
internal static partial class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>The first sentence on a type; empty where there is none.</summary>
    public static string Summary(Type type) => FirstSentence(Lookup(type.Assembly, $"T:{type.FullName}"));

    /// <summary>The summary of a property, or of the constructor parameter that made it.</summary>
    public static string Member(Type type, string property)
    {
        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            var text = Lookup(owner.Assembly, $"P:{owner.FullName}.{property}");
            text = text.Length > 0 ? text : Lookup(owner.Assembly, $"T:{owner.FullName}#{property}");
            if (text.Length > 0)
            {
                return text;
            }
        }

        return "";
    }

    /// <summary>The summary of what a property of a configuration stands for.</summary>
    public static string Member(JsonPropertyInfo property) =>
        property.AttributeProvider is MemberInfo member ? Member(property.DeclaringType, member.Name) : "";

    private static string Lookup(Assembly assembly, string key) => Files.GetOrAdd(assembly, Load).GetValueOrDefault(key, "");

    private static IReadOnlyDictionary<string, string> Load(Assembly assembly)
    {
        var texts = new Dictionary<string, string>();
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
        {
            return texts;
        }

        try
        {
            foreach (var member in XDocument.Load(path).Descendants("member"))
            {
                var name = (string?)member.Attribute("name") ?? "";
                texts[name] = Text(member.Element("summary"));
                foreach (var parameter in member.Elements("param"))
                {
                    texts[$"{name}#{(string?)parameter.Attribute("name")}"] = Text(parameter);
                }
            }
        }
        catch (XmlException)
        {
            // Without a readable documentation file there are no descriptions; all else works.
        }

        return texts;
    }

    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var parts = element.Nodes().Select(n => n switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see =>
                (string?)see.Attribute("langword") ?? Named((string?)see.Attribute("cref")) ?? see.Value,
            XElement { Name.LocalName: "paramref" } parameter =>
                JsonNamingPolicy.CamelCase.ConvertName((string?)parameter.Attribute("name") ?? ""),
            XElement other => other.Value,
            _ => "",
        });
        return Whitespace().Replace(string.Concat(parts), " ").Trim();
    }

    // The name in a configuration: members and values of enumerations in camelCase, components as their catalog names
    // them.
    private static string? Named(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var name = reference.Split('.', ':').Last().Split('`')[0];
        return reference[0] switch
        {
            'P' or 'F' => JsonNamingPolicy.CamelCase.ConvertName(name),
            'T' => CatalogRegistry.All.SelectMany(c => c.Entries)
                .FirstOrDefault(e => e.Preset.Count == 0 && e.Type.FullName == reference[2..])?.Name
                ?? name,
            _ => name,
        };
    }

    // The dots of "He et al. 2015, eq. 1" end no sentence.
    private static string FirstSentence(string text) => SentenceEnd().Match(text) is { Success: true } end ? text[..(end.Index + 1)] : text;

    [GeneratedRegex(@"(?<!\b(al|eq|cf|vs|p|fig|sect|e\.g|i\.e))\. ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}

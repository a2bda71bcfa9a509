using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace MlNetDl.Configuration;

/// <summary>Descriptions from the XML documentation files that lie beside the assemblies. Nothing is declared twice: lists and the JSON schema quote the documentation.</summary>
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
            // A damaged documentation file costs the descriptions, nothing else.
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
            XElement { Name.LocalName: "see" } see => (string?)see.Attribute("langword") ?? ((string?)see.Attribute("cref"))?.Split('.', ':').Last().Split('`')[0] ?? see.Value,
            XElement other => other.Value,
            _ => "",
        });
        return Whitespace().Replace(string.Concat(parts), " ").Trim();
    }

    // "He et al. 2015" does not end a sentence.
    private static string FirstSentence(string text) => SentenceEnd().Match(text) is { Success: true } end ? text[..(end.Index + 1)] : text;

    [GeneratedRegex(@"(?<! al)\. ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Naming;

namespace MlNetDl.Configuration;

/// <summary>A component that can be named in a configuration.</summary>
/// <param name="Name">Its name, camelCase.</param>
/// <param name="Type">Its record type.</param>
/// <param name="Preset">The members that this name sets; empty for the type's own name.</param>
public sealed record CatalogEntry(string Name, Type Type, JsonObject Preset)
{
    /// <summary>Its description, from the documentation of its type; empty where there is no documentation
    /// file.</summary>
    public string Summary => Documentation.Summary(Type);
}

/// <summary>A list of components by name: the values that a base type can have in a configuration.</summary>
public interface ICatalog
{
    /// <summary>The kind of its entries, in one word: layer, network, optimizer, …</summary>
    string Kind { get; }

    /// <summary>The type that all entries derive from.</summary>
    Type BaseType { get; }

    /// <summary>The meaning of a list where one component is expected: the entry that takes the list, and its member.
    /// <see langword="null"/> makes a list an error.</summary>
    (string Entry, string Member)? ListForm { get; }

    /// <summary>The message for a tree of such components that nests too deep; <see langword="null"/> for components
    /// that do not nest.</summary>
    string? DepthProblem => null;

    /// <summary>Whether <c>type</c> may be left out where a key tells the entry: the one that is named like it, such as
    /// <c>folder</c>. No by default.</summary>
    bool ToldByKey => false;

    /// <summary>Today's form of keys that an earlier version wrote; other keys as they are. By default, no version has
    /// written another form.</summary>
    /// <param name="given">The keys of a component. They may be changed.</param>
    /// <param name="path">Where the component stands.</param>
    /// <exception cref="ConfigurationException">Today's form has no place for a value. The message says that the file
    /// is of an earlier version, and what to do.</exception>
    JsonObject Today(JsonObject given, string path) => given;

    /// <summary>The entries in order of name.</summary>
    IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>The entry of that name, in any case.</summary>
    /// <exception cref="ConfigurationException">No entry has that name; the message tells the nearest.</exception>
    CatalogEntry Find(string name, string path = "");

    /// <summary>The entry of a type whose name sets no members; <see langword="null"/> where the type is not in the
    /// list.</summary>
    CatalogEntry? EntryOf(Type type);
}

/// <summary>An explicit, open list of components: a host registers its own types by name and can then use
/// them from YAML.</summary>
/// <typeparam name="TBase">The type that all entries derive from.</typeparam>
/// <param name="kind">What the entries are, in one word.</param>
/// <param name="listForm">The entry and its member, camelCase, that a list stands for where one component is expected;
/// by default a list is an error.</param>
/// <param name="depthProblem">What to say of a tree of components that nests too deep; by default components
/// do not nest.</param>
/// <param name="toldByKey">Whether <c>type</c> may be left out where a key is named like an entry that has such a
/// member; by default it must be given.</param>
/// <param name="today">Brings keys that an earlier version wrote to today's form (<see cref="ICatalog.Today"/>); by
/// default no version has written another.</param>
public sealed class Catalog<TBase>(
    string kind,
    (string Entry, string Member)? listForm = null,
    string? depthProblem = null,
    bool toldByKey = false,
    Func<JsonObject, string, JsonObject>? today = null) : ICatalog
    where TBase : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, CatalogEntry> entries = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public Type BaseType => typeof(TBase);

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Values.OrderBy(e => e.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Adds a component under its type's name in camelCase, or another.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the type has a name already.</exception>
    public Catalog<TBase> Register<T>(string? name = null)
        where T : TBase => Add(new(name ?? NameOf(typeof(T)), typeof(T), []));

    /// <summary>Adds a name for a component with some members set, such as <c>resNet34</c>.</summary>
    /// <param name="name">The name, camelCase.</param>
    /// <param name="preset">The members as a JSON object, such as <c>{"depth": 34}</c>.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Catalog<TBase> Alias<T>(string name, string preset)
        where T : TBase => Add(new(name, typeof(T), JsonNode.Parse(preset)!.AsObject()));

    /// <inheritdoc/>
    public (string Entry, string Member)? ListForm => listForm;

    /// <inheritdoc/>
    public string? DepthProblem => depthProblem;

    /// <inheritdoc/>
    public bool ToldByKey => toldByKey;

    /// <inheritdoc/>
    public JsonObject Today(JsonObject given, string path) => today is null ? given : today(given, path);

    /// <inheritdoc/>
    public CatalogEntry Find(string name, string path = "")
    {
        List<CatalogEntry> all;
        lock (gate)
        {
            if (entries.TryGetValue(name, out var entry))
            {
                return entry;
            }

            all = [.. entries.Values];
        }

        // What was written before its type was registered has the type's name.
        return all.Find(e => e.Preset.Count == 0 && UnnamedComponents.NameOf(e.Type) == name)
            ?? throw new ConfigurationException(path, Unknown(name, all));
    }

    private string Unknown(string name, List<CatalogEntry> all)
    {
        if (UnnamedComponents.IsTypeName(name))
        {
            return $"there is no {kind} '{name}': it was in no catalog when this was written. Register it before this is read: "
                + $"{CatalogRegistry.CallOf(this, UnnamedComponents.CodeOf(name))}.";
        }

        // A name near a known one is a slip; any other may be that of a component of one's own.
        var names = all.Select(e => e.Name).ToList();
        return $"there is no {kind} '{name}'; {Nearest.Hint(name, names)}"
            + (Nearest.Of(name, names) is null
                ? " One of your own is registered before this is read: "
                    + $"{CatalogRegistry.CallOf(this, char.ToUpperInvariant(name[0]) + name[1..])}."
                : "");
    }

    /// <inheritdoc/>
    public CatalogEntry? EntryOf(Type type) => Entries.FirstOrDefault(e => e.Type == type && e.Preset.Count == 0);

    /// <summary>The default name of a type.</summary>
    public static string NameOf(Type type) => JsonNamingPolicy.CamelCase.ConvertName(type.Name);

    private string NameTaken(CatalogEntry entry, CatalogEntry taken) => taken.Type == entry.Type && entry.Preset.Count == 0
        ? $"The {kind} '{entry.Name}' ({Whole(entry.Type)}) is registered twice; register it once."
        : $"There is a {kind} named '{taken.Name}' already: {Whole(taken.Type)}. Register {Whole(entry.Type)} under another name: "
            + $"{CatalogRegistry.CallOf(this, entry.Type.Name)[..^1]}\"NAME\").";

    // A type is written by its one name. Another would never be written, and would be refused much later.
    private string? TypeTaken(CatalogEntry entry) => entry.Preset.Count == 0
        && entries.Values.FirstOrDefault(e => e.Type == entry.Type && e.Preset.Count == 0) is { } other
        ? $"The {kind} {Whole(entry.Type)} is registered as '{other.Name}', so it cannot be '{entry.Name}' too: files name it by one "
            + $"name. Keep one of the two registrations; a further name for some set members is an Alias."
        : null;

    private static string Whole(Type type) => $"{type.FullName} of {type.Assembly.GetName().Name}";

    private Catalog<TBase> Add(CatalogEntry entry)
    {
        lock (gate)
        {
            if ((entries.TryGetValue(entry.Name, out var taken) ? NameTaken(entry, taken) : TypeTaken(entry)) is { } problem)
            {
                throw new ArgumentException(problem);
            }

            entries.Add(entry.Name, entry);
        }

        // This comes after the change: a reader in between would keep the old list.
        RecordJson.CatalogsChanged();
        return this;
    }
}

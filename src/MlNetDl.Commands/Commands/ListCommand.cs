using System.CommandLine;
using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Commands;

/// <summary>Kinds of things, the things of one kind, or the keys of one thing: each by its name.</summary>
/// <param name="Name">The name of the kind, or of the component.</param>
internal sealed record Listed(string Name)
{
    /// <summary>Description of the thing.</summary>
    public string? Summary { get; init; }

    /// <summary>How many there are of a kind.</summary>
    public int? Count { get; init; }

    /// <summary>The keys of the one thing that was asked for.</summary>
    public IReadOnlyList<ListedKey>? Keys { get; init; }
}

/// <summary>A key of a component.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">What is expected.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Default">What is taken without it.</param>
/// <param name="Meaning">What it is.</param>
internal sealed record ListedKey(string Name, string Type, bool Required, string? Default, string Meaning);

/// <summary><c>mldl list</c>.</summary>
internal sealed class ListCommand : ToolCommand<object>
{
    private const string DataSets = "datasets";

    // Named here and not asked of the catalogs: a start of the tool that lists nothing need not make them.
    private static readonly string[] Kinds =
    [
        "tasks", "sources", DataSets, "networks", "layers", "initializers", "losses", "metrics", "optimizers", "schedules", "augmentations",
        "steps", "stages", "pruningSchedules", "weightScores", "channelScores", "calibrations", "priors", "likelihoods", "divergenceTerms",
        "judges", "samplers", "pruners",
    ];

    private readonly Argument<string?> what = new("what")
    {
        Description = string.Join(" | ", Kinds),
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "what",
    };

    private readonly Argument<string?> name = new(
        "name")
    { Description = "One of them, to see its keys.", Arity = ArgumentArity.ZeroOrOne };

    public ListCommand() : base(
        "list", "Lists what can be named in an experiment; of one of these, its keys.",
        "mldl list networks",
        "mldl list layers conv2d     its keys, with types, defaults and meanings",
        "mldl list optimizers --json") => what.AcceptOnlyFromAmong(Kinds);

    protected override IEnumerable<Symbol> Symbols => [what, name];

    protected override object Run(ToolContext context) => (context.Get(what), context.Get(name)) switch
    {
        (null, _) => Kinds.Select(k => new Listed(k) { Count = Things(k).Count }).ToList(),
        ({ } kind, null) => Things(kind),
        ({ } kind, { } one) => One(kind, one, context.Tool),
    };

    protected override void Write(object result, ToolContext context)
    {
        if (result is Listed one)
        {
            Write(one, context);
        }
        else if (context.Get(what) is null)
        {
            TextTable.Write(context.Output, ["kind", "how many", "to see them"], ((List<Listed>)result).Select(k =>
                new[] { k.Name, k.Count!.Value.ToString(CultureInfo.InvariantCulture), $"{context.Tool} list {k.Name}" }));
        }
        else
        {
            TextTable.Write(context.Output, ["name", "what it is"], ((List<Listed>)result).Select(t => new[] { t.Name, t.Summary! }));
        }
    }

    private static void Write(Listed one, ToolContext context)
    {
        context.Output.WriteLine($"{one.Name}: {one.Summary}");
        if (one.Keys!.Count == 0)
        {
            context.Output.WriteLine("It has no keys.");
            return;
        }

        TextTable.Write(context.Output, ["key", "default", "type", "meaning"],
            one.Keys.Select(k => new[] { k.Name, k.Default ?? "(must be given)", k.Type, k.Meaning }));
    }

    private static List<Listed> Things(string kind)
    {
        if (kind == DataSets)
        {
            return [.. Datasets.All.Select(d => new Listed(d.Name) { Summary = d.Description })];
        }

        var catalog = Catalog(kind);
        return [.. catalog.Entries.Select(e => new Listed(e.Name) { Summary = Summary(catalog, e) })];
    }

    private static Listed One(string kind, string name, string tool)
    {
        if (kind == DataSets)
        {
            throw new UsageException($"Data sets have no keys; they are named: data: {{ dataset: {name} }}. All of "
                + $"them: {tool} list {DataSets}");
        }

        var catalog = Catalog(kind);
        var entry = catalog.Find(name);
        return new(entry.Name)
        {
            Summary = Summary(catalog, entry),
            Keys = [.. ComponentKey.Of(entry).Select(k => new ListedKey(k.Name, k.Type, k.Default is null, k.Default, k.Meaning))],
        };
    }

    private static ICatalog Catalog(string kind)
    {
        // Named first, so that search and experiments have registered their catalogs.
        _ = (SearchCatalogs.Samplers, DataSources.All);
        return Catalogs.All.First(c => kind == (c.Kind.EndsWith('s') ? $"{c.Kind}es" : $"{c.Kind}s"));
    }

    private static string Summary(ICatalog catalog, CatalogEntry entry) => entry.Preset.Count == 0
        ? entry.Summary
        : $"{catalog.EntryOf(entry.Type)!.Name} with {string.Join(", ", entry.Preset.Select(p => $"{p.Key}: {p.Value}"))}";
}

using System.CommandLine;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Search;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl list</c>.</summary>
internal static class ListCommand
{
    private const string DataSets = "datasets";

    // Named here and not asked of the catalogs: a start of the tool that lists nothing need not make them.
    private static readonly string[] Kinds =
    [
        "tasks", "networks", "layers", "initializers", "losses", "metrics", "optimizers", "schedules", "augmentations", "steps", "stages",
        "samplers", "pruners", DataSets,
    ];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var what = new Argument<string?>("what") { Description = string.Join(" | ", Kinds), Arity = ArgumentArity.ZeroOrOne };
        var name = new Argument<string?>("name") { Description = "One of them, to see its keys.", Arity = ArgumentArity.ZeroOrOne };
        what.AcceptOnlyFromAmong(Kinds);
        return scope.With(new Command("list", "Lists what can be named in an experiment; of one of these, its keys.") { what, name },
            (parsed, _) => parsed.GetValue(name) is { } one
                ? Keys(scope, parsed.GetValue(what)!, one, parsed.GetValue(scope.JsonOption))
                : parsed.GetValue(what) is { } kind ? List(scope, kind, parsed.GetValue(scope.JsonOption))
                : ListKinds(scope, parsed.GetValue(scope.JsonOption)));
    }

    private static JsonArray ListKinds(CommandScope scope, bool json)
    {
        var counts = Kinds.Select(k => (Kind: k, Count: k == DataSets ? Datasets.All.Count : Catalog(k).Entries.Count)).ToList();
        if (!json)
        {
            TextTable.Write(scope.Output, ["kind", "how many", "to see them"], counts.Select(c => new[] { c.Kind, $"{c.Count}", $"mldl list {c.Kind}" }));
        }

        return new JsonArray([.. counts.Select(c => (JsonNode)new JsonObject { ["name"] = c.Kind, ["count"] = c.Count })]);
    }

    private static JsonArray List(CommandScope scope, string what, bool json)
    {
        var items = (what == DataSets ? Datasets.All.Select(d => (d.Name, d.Description)) : Entries(Catalog(what))).ToList();
        if (!json)
        {
            TextTable.Write(scope.Output, ["name", "what it is"], items.Select(i => new[] { i.Item1, i.Item2 }));
        }

        return new JsonArray([.. items.Select(i => (JsonNode)new JsonObject { ["name"] = i.Item1, ["summary"] = i.Item2 })]);
    }

    private static JsonObject Keys(CommandScope scope, string what, string name, bool json)
    {
        if (what == DataSets)
        {
            throw new UsageException($"Data sets have no keys; they are named: data: {{ dataset: {name} }}. All of them: mldl list {DataSets}");
        }

        var catalog = Catalog(what);
        var entry = catalog.Find(name);
        var keys = ComponentKey.Of(entry);
        var summary = Entries(catalog).First(e => e.Name == entry.Name).Summary;
        if (!json)
        {
            scope.Output.WriteLine($"{entry.Name}: {summary}");
            if (keys.Count > 0)
            {
                TextTable.Write(scope.Output, ["key", "default", "type", "meaning"], keys.Select(k => new[] { k.Name, k.Default ?? "(must be given)", k.Type, k.Meaning }));
            }
            else
            {
                scope.Output.WriteLine("It has no keys.");
            }
        }

        return new()
        {
            ["name"] = entry.Name,
            ["summary"] = summary,
            ["keys"] = new JsonArray([.. keys.Select(k => (JsonNode)new JsonObject { ["name"] = k.Name, ["type"] = k.Type, ["required"] = k.Default is null, ["default"] = k.Default, ["meaning"] = k.Meaning })]),
        };
    }

    private static ICatalog Catalog(string what)
    {
        // Named first, so that the search has registered its catalogs.
        _ = SearchCatalogs.Samplers;
        return Catalogs.All.First(c => what == (c.Kind.EndsWith('s') ? $"{c.Kind}es" : $"{c.Kind}s"));
    }

    private static IEnumerable<(string Name, string Summary)> Entries(ICatalog catalog) => catalog.Entries.Select(e => (e.Name,
        e.Preset.Count > 0 ? $"{catalog.EntryOf(e.Type)!.Name} with {string.Join(", ", e.Preset.Select(p => $"{p.Key}: {p.Value}"))}" : e.Summary));
}

using System.CommandLine;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Data;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl list</c>.</summary>
internal static class ListCommand
{
    private static readonly string[] Kinds = ["networks", "layers", "losses", "optimizers", "schedules", "augmentations", "datasets"];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var what = new Argument<string>("what") { Description = string.Join(" | ", Kinds) };
        what.AcceptOnlyFromAmong(Kinds);
        return scope.With(new Command("list", "Lists what can be named in an experiment.") { what }, (parsed, _) => List(scope, parsed.GetValue(what)!, parsed.GetValue(scope.JsonOption)));
    }

    private static JsonNode List(CommandScope scope, string what, bool json)
    {
        var items = Items(what).ToList();
        if (!json)
        {
            TextTable.Write(scope.Output, ["name", "what it is"], items.Select(i => new[] { i.Name, i.Summary }));
        }

        return new JsonArray([.. items.Select(i => (JsonNode)new JsonObject { ["name"] = i.Name, ["summary"] = i.Summary })]);
    }

    private static IEnumerable<(string Name, string Summary)> Items(string what) => what switch
    {
        "networks" => Entries(Catalogues.Networks),
        "layers" => Entries(Catalogues.Layers),
        "losses" => Entries(Catalogues.Losses),
        "optimizers" => Entries(Catalogues.Optimizers),
        "schedules" => Entries(Catalogues.Schedules),
        "augmentations" => Entries(Catalogues.Augmentations),
        _ => Datasets.All.Select(d => (d.Name, d.Description)),
    };

    private static IEnumerable<(string, string)> Entries(ICatalogue catalogue) => catalogue.Entries.Select(e => (e.Name,
        e.Preset.Count > 0 ? $"{catalogue.Entries.First(x => x.Type == e.Type && x.Preset.Count == 0).Name} with {string.Join(", ", e.Preset.Select(p => $"{p.Key}: {p.Value}"))}" : e.Summary));
}

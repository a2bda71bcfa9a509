using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests;

public sealed class ListTests
{
    [Fact]
    public void Every_catalog_of_the_library_and_of_the_search_is_listed()
    {
        _ = (SearchCatalogs.Samplers, DataSources.All);
        var kinds = JsonNode.Parse(Tool.Run("list", "--json").Output)!
            .AsArray()
            .ToDictionary(k => (string)k!["name"]!, k => (int)k!["count"]!);
        var catalogs = CatalogRegistry.All
            .Where(c => c.BaseType.Assembly.GetName().Name!.StartsWith("MlNetDl", StringComparison.Ordinal)).ToList();
        Assert.Equal(catalogs.Count + 1, kinds.Count);
        Assert.All(catalogs, c => Assert.Equal(c.Entries.Count, kinds[c.Kind.EndsWith('s') ? $"{c.Kind}es" : $"{c.Kind}s"]));
    }

    [Fact]
    public void Keys_say_their_range() =>
        Assert.Contains("a whole number, 1 or more", Tool.Run("list", "pruners", "hyperband").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("stages", "int8", "aware.epochs", "aware.ranges")]
    [InlineData("stages", "filterPruning", "fineTune.epochs", "fineTune.optimizer")]
    [InlineData("networks", "earlyExit", "exits[].after", "exits[].channels")]
    public void Keys_within_keys_are_listed_by_their_paths(string kind, string name, params string[] paths)
    {
        var keys = JsonNode.Parse(Tool.Run("list", kind, name, "--json").Output)!["keys"]!.AsArray();
        Assert.All(paths, p => Assert.Contains(keys, k => (string?)k!["name"] == p && (string?)k["meaning"] is { Length: > 0 }));
        var after = keys.FirstOrDefault(k => (string?)k!["name"] == "exits[].after");
        Assert.True(after is null || (bool)after["required"]!);
    }

    [Fact]
    public void Keys_within_a_key_follow_it_and_components_are_listed_by_themselves()
    {
        var keys = ComponentKey.Of(Catalogs.All.Single(c => c.Kind == "stage").Find("int8")).Select(k => k.Name).ToList();
        Assert.Equal(keys.IndexOf("aware") + 1, keys.FindIndex(k => k.StartsWith("aware.", StringComparison.Ordinal)));
        Assert.DoesNotContain(keys, k => k.StartsWith("calibration.", StringComparison.Ordinal));
    }
}

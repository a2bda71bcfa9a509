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
}

using MlNetDl.Configuration;

namespace MlNetDl.Tests.Configuration;

public sealed class CatalogTests
{
    [Fact]
    public void A_type_has_one_name()
    {
        var catalog = new Catalog<Part>("part").Register<First>("one");
        var e = Assert.Throws<ArgumentException>(() => catalog.Register<First>("two"));
        Assert.Matches(@"^The part .*CatalogTests\+First of MlNetDl.Tests is registered as 'one', so it cannot be 'two' too", e.Message);
        Assert.Throws<ArgumentException>(() => catalog.Alias<First>("three", "{}"));
        Assert.Equal(["one", "sized"], catalog.Alias<First>("sized", """{ "size": 3 }""").Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_name_that_is_taken_tells_both_types()
    {
        var catalog = new Catalog<Part>("part").Register<First>("one");
        var e = Assert.Throws<ArgumentException>(() => catalog.Register<Second>("One"));
        Assert.Matches(@"^There is a part named 'one' already: .*\+First of MlNetDl.Tests. Register .*\+Second of MlNetDl.Tests", e.Message);
        Assert.EndsWith("""under another name: Register<Second>("NAME").""", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<ArgumentException>(() => catalog.Register<First>("one"));
        Assert.Matches(@"^The part 'one' \(.*\+First of MlNetDl.Tests\) is registered twice; register it once\.$", e.Message);
    }

    private abstract record Part;

    private sealed record First : Part
    {
        public int Size { get; init; }
    }

    private sealed record Second : Part;
}

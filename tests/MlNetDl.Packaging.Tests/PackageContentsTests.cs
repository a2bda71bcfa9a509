using System.IO.Compression;
using System.Xml.Linq;

namespace MlNetDl.Packaging.Tests;

/// <summary>What every package has beside its code.</summary>
[Collection("feed")]
public sealed class PackageContentsTests(Feed feed)
{
    /// <summary>The libraries' packages.</summary>
    public static TheoryData<string> Libraries => [.. Feed.Libraries];

    /// <summary>All packages that a user names.</summary>
    public static TheoryData<string> Named => [.. Feed.Libraries, "MlNetDl.Cli"];

    [Theory]
    [MemberData(nameof(Named))]
    public void A_package_says_what_it_is(string id)
    {
        using var package = Open($"{id}.{feed.Version}.nupkg");
        using var nuspec = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var says = XDocument.Load(nuspec).Descendants().GroupBy(e => e.Name.LocalName).ToDictionary(g => g.Key, g => g.First());
        Assert.Equal("MIT", says["license"].Value);
        Assert.Equal("README.md", says["readme"].Value);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotEmpty(says["tags"].Value);

        // The default is the words "Package Description".
        Assert.DoesNotContain("Package", says["description"].Value, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_documents_its_surface_and_has_symbols(string id)
    {
        using var package = Open($"{id}.{feed.Version}.nupkg");
        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
        using var xml = package.GetEntry($"lib/net10.0/{id}.xml")!.Open();
        Assert.NotEmpty(XDocument.Load(xml).Descendants("member"));
        using var symbols = Open($"{id}.{feed.Version}.snupkg");
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{id}.pdb"));
    }

    private ZipArchive Open(string name) => ZipFile.OpenRead(Path.Combine(feed.Packages, name));
}

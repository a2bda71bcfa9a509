using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.Json.Nodes;

namespace MlNetDl.Packaging.Tests;

/// <summary>Symbols that lead a debugger to the sources: packed from a copy of the smallest library in a repository
/// with a remote.</summary>
[Collection("feed")]
public sealed class SymbolsTests(Feed feed)
{
    // What portable symbols keep SourceLink's map under.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void Symbols_name_the_commit_and_no_path_of_the_machine()
    {
        var folder = feed["clone"];
        WriteRepository(folder);
        feed.Shell.Dotnet(
        [
            "pack",
            Path.Combine(folder, "src/MlNetDl.Records"),
            "-c",
            "Release",
            "-p:ContinuousIntegrationBuild=true",
            "-p:RunAnalyzers=false",
            "--output",
            feed["packed"],
        ]);
        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(feed["packed"], "*.snupkg").Single());
        using var memory = new MemoryStream();
        using (var pdb = package.GetEntry("lib/net10.0/MlNetDl.Records.pdb")!.Open())
        {
            pdb.CopyTo(memory);
        }

        memory.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(memory);
        var reader = provider.GetMetadataReader();
        var information = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Single(i => reader.GetGuid(i.Kind) == SourceLink);
        var map = JsonNode.Parse(Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))!["documents"]!.AsObject();
        Assert.EndsWith($"/{Commit}/*", (string?)map["/_/*"], StringComparison.Ordinal);
        Assert.All(reader.Documents, d => Assert.StartsWith("/_/", reader.GetString(reader.GetDocument(d).Name), StringComparison.Ordinal));
    }

    // The SDK reads what it needs of Git's files by itself.
    private static void WriteRepository(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(ChildProcess.Repository).Concat(
            Directory.EnumerateFiles(Path.Combine(ChildProcess.Repository, "src/MlNetDl.Records"), "*", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(ChildProcess.Repository, path).Replace('\\', '/');
            if (!name.Contains("/obj/", StringComparison.Ordinal) && !name.Contains("/bin/", StringComparison.Ordinal) && name != ".git")
            {
                Write(name, File.ReadAllText(path));
            }
        }

        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/refs/heads/main", $"{Commit}\n");
        Write(".git/config", "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = "
            + "https://github.com/someone/mlnetdl.git\n");
        Directory.CreateDirectory(Path.Combine(folder, ".git/objects"));

        void Write(string name, string text)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}

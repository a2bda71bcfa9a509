using System.Text.RegularExpressions;

namespace MlNetDl.Tests.Architecture;

/// <summary>Rules of the house that no compiler checks, read from the sources.</summary>
public partial class SourceTests
{
    private static readonly string Root = ChildProcess.Repository;

    private static IEnumerable<(string Path, string Text)> Sources(params string[] folders) => folders.SelectMany(folder =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllText(Path.Combine(Root, path))));

    [Fact]
    public void Namespaces_follow_folders()
    {
        var sources = Sources(
            "src/MlNetDl",
            "src/MlNetDl.Records",
            "src/MlNetDl.Search",
            "src/MlNetDl.Search.Testing",
            "src/MlNetDl.Testing",
            "src/MlNetDl.Experiments",
            "src/MlNetDl.Commands");
        foreach (var (path, text) in sources.Where(f => !f.Path.Contains("buildTransitive", StringComparison.Ordinal)))
        {
            if (path.EndsWith("/AssemblyAccess.cs", StringComparison.Ordinal))
            {
                continue; // declares an attribute that the runtime knows by its full name
            }

            // A folder that only puts files in order takes the namespace above: users need fewer.
            var folder = Path.GetDirectoryName(path)!
                .Replace('\\', '/')["src/".Length..]
                .Replace('/', '.')
                .Replace("MlNetDl.Records", "MlNetDl", StringComparison.Ordinal)
                .Replace("MlNetDl.Search.Testing", "MlNetDl.Testing", StringComparison.Ordinal);
            var given = Regex.Match(text, @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value;
            // Entrances stand where users of ML.NET find them: extension methods and nothing else.
            if (given == "Microsoft.ML" && folder == "MlNetDl.MlNet"
                && Regex.Matches(text, @"^(public|internal) (.*)", RegexOptions.Multiline)
                    .All(m => m.Groups[2].Value.StartsWith("static class ", StringComparison.Ordinal)))
            {
                continue;
            }

            Assert.True(
                given.Length > 0 && $"{folder}.".StartsWith($"{given}.", StringComparison.Ordinal),
                $"{path} is in the namespace {given}.");
        }
    }

    [Fact]
    public void Files_are_small()
    {
        Assert.Empty(Sources("src", "tests", "experiments").Where(f => f.Text.AsSpan().Count('\n') > 300).Select(f => f.Path));
    }

    /// <summary>Lines aim at 120 characters; 160 is the limit, as .editorconfig says too.</summary>
    [Fact]
    public void No_line_is_longer_than_160_characters() =>
        Assert.Empty(Lines.Where(l => l.Text.Length > 160).Select(l => $"{l.Path}:{l.Number}: {l.Text.Length} characters"));

    [Fact]
    public void At_most_six_percent_of_the_lines_are_longer_than_120_characters() =>
        Assert.InRange(Lines.Count(l => l.Text.Length > 120) / (double)Lines.Count(), 0, 0.06);

    private static IEnumerable<(string Path, int Number, string Text)> Lines =>
        Sources("src", "tests", "experiments").SelectMany(f => f.Text.TrimEnd('\n').Split('\n')
            .Select((line, i) => (f.Path, i + 1, line.TrimEnd('\r'))));

    [Fact]
    public void Only_the_seam_reaches_into_another_librarys_internals()
    {
        Assert.Empty(Sources("src")
            .Where(f => f.Text.Contains("IgnoresAccessChecksTo(", StringComparison.Ordinal)
                && !f.Path.StartsWith("src/MlNetDl/MlNet/Internals/", StringComparison.Ordinal))
            .Select(f => f.Path));
    }

    /// <summary>Where it fails, autograd.grad of TorchSharp ends the process; <c>Gradients.Of</c> throws.</summary>
    [Fact]
    public void Nobody_calls_what_ends_the_process_where_it_fails() => Assert.Empty(Sources("src", "tests")
        .Where(f => f.Text.Contains("autograd." + "grad(", StringComparison.Ordinal))
        .Select(f => f.Path));

    [Fact]
    public void No_path_of_a_machine_is_in_the_sources()
    {
        Assert.Empty(Sources("src", "experiments").SelectMany(f => MachinePath().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}")));
    }

    [Fact]
    public void The_root_holds_only_what_belongs_there()
    {
        string[] allowed =
        [
            ".ci", ".editorconfig", ".git", ".gitattributes", ".github", ".gitignore", "CHANGELOG.md", "Directory.Build.props",
            "Directory.Build.targets", "Directory.Packages.props", "LICENSE", "MlNetDl.sln", "README.md", "datasets", "docs",
            "experiments", "nuget.config", "src", "tests",
            "artifacts", "runs", "TestResults", ".vs", ".idea", // made by builds, runs and editors; git ignores them
        ];
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root).Select(p => Path.GetFileName(p)).Except(allowed));
    }

    [GeneratedRegex(@"""(?:/home/|/Users/|/root/|[A-Z]:\\\\)[^""]*")]
    private static partial Regex MachinePath();
}

using System.Reflection;
using System.Xml.Linq;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>The public surface of each package beside what its <c>PublicApi.txt</c> says: a change of it is seen
/// in a diff.</summary>
public sealed class PublicApiTests
{
    private const string Update = "MLNETDL_UPDATE=1 dotnet test -c Release tests/MlNetDl.Cli.Tests --filter PublicApiTests";

    private static bool Updates => Environment.GetEnvironmentVariable("MLNETDL_UPDATE") == "1";

    /// <summary>The projects whose packages are libraries.</summary>
    public static TheoryData<string> Libraries =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ChildProcess.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p => Says(p, "IsPackable") && !Says(p, "PackAsTool"))
            .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_surface_is_the_one_that_is_written_down(string project)
    {
        var path = Path.Combine(ChildProcess.Repository, "src", project, "PublicApi.txt");
        var surface = PublicApi.Of(Assembly.Load(project));
        if (Updates)
        {
            File.WriteAllText(path, surface);
        }

        string[] written = File.Exists(path) ? File.ReadAllLines(path) : [], present = surface.TrimEnd('\n').Split('\n');
        var changes = written.Except(present).Select(l => $"- {l}").Concat(present.Except(written).Select(l => $"+ {l}"));
        Assert.True(written.SequenceEqual(present), $"""
            The public surface of {project} is not the one in src/{project}/PublicApi.txt:
            {string.Join('\n', changes)}
            If this is meant, write it anew: {Update}
            """);
    }

    [Fact]
    public void The_text_tells_what_a_user_can_name() => Assert.Equal(
        """
        namespace MlNetDl.Cli.Tests.Architecture.Sample

        abstract record Shown<T> : IDisposable where T : class
            protected Shown(string Name, int Count = 3)
            protected static readonly float[] Values
            [AtLeast(1)] int Count { get; init; }
            string Name { get; init; }
            protected virtual (T? First, List<string?> Others) Parts { get; }
            required string Title { get; init; }
            virtual void Dispose()
            abstract void Fill(Span<float> target, out bool done)
            static string Join(params ReadOnlySpan<object?> parts)
            enum Kind
                Plain = 0
                Other = 4

        """.ReplaceLineEndings("\n"),
        PublicApi.Of(Assembly.GetExecutingAssembly(), "MlNetDl.Cli.Tests.Architecture.Sample"));

    private static bool Says(string project, string property) => XDocument.Load(project).Descendants(property).Any(p => p.Value == "true");
}

using System.Text.RegularExpressions;

namespace MlNetDl.Tests.Docs;

/// <summary>The blocks of code in the README and in <c>docs</c>, which tests run as they stand.</summary>
internal static class ReadmeCode
{
    /// <summary>The README.</summary>
    public static string Text => Read("README.md");

    /// <summary>The README and the pages of <c>docs</c> behind it, in order of their names.</summary>
    public static string Pages => string.Concat(
    [
        Text,
        .. Directory.EnumerateFiles(Path.Combine(ChildProcess.Repository, "docs"), "*.md").Order(StringComparer.Ordinal).Select(Read),
    ]);

    /// <summary>The pages' blocks in a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string language) =>
        [.. Regex.Matches(Pages, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];

    /// <summary>The lines of a source file between the marks <c>&lt;example&gt;</c>.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    public static string Example(string path)
    {
        const string Begin = "// <example>\n", End = "// </example>";
        var file = Read(path);
        return file[(file.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..file.IndexOf(End, StringComparison.Ordinal)];
    }

    /// <summary>A file's text.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(ChildProcess.Repository, path)).ReplaceLineEndings("\n");
}

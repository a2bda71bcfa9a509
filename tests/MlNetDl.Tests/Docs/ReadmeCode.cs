using System.Text.RegularExpressions;

namespace MlNetDl.Tests.Docs;

/// <summary>The README's blocks of code, which tests run as they stand.</summary>
internal static class ReadmeCode
{
    /// <summary>The README.</summary>
    public static string Text => Read("README.md");

    /// <summary>Its blocks in a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string language) => [.. Regex.Matches(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];

    /// <summary>The lines of a source file between the marks <c>&lt;example&gt;</c>.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    public static string Example(string path)
    {
        const string Begin = "// <example>\n", End = "// </example>";
        var file = Read(path);
        return file[(file.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..file.IndexOf(End, StringComparison.Ordinal)];
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(ChildProcess.Repository, path)).ReplaceLineEndings("\n");
}

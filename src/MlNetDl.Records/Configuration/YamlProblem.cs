using YamlDotNet.Core;

namespace MlNetDl.Configuration;

/// <summary>Says in plain words what is wrong with text that is no YAML; the parser's own words follow.</summary>
internal static class YamlProblem
{
    public static ConfigurationException Of(string text, Mark mark, string detail)
    {
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        // The parser reports the place of the mapping around the key.
        if (Says("tab") && Array.FindIndex(lines, IsIndentedByTab) is >= 0 and var at)
        {
            mark = new Mark(0, at + 1, 1);
        }

        var line = mark.Line <= lines.Length ? lines[mark.Line - 1].Trim() : "";
        return Yaml.At(mark, $"{Words()} {(line.Length is > 0 and <= 100 ? $"The line is: {line} " : "")}(The parser says: {detail}.)");

        string Words() => Says("tab") ? "a tab indents this line; expected spaces."
            : Says("quoted scalar") ? "a text in quotes begins here and is not closed; "
                + "expected the same quote at its end."
            : Says("invalid mapping") || Says("mapping values") ? "a second colon stands in this value; put a text "
                + "that holds ': ' in quotes, and each key on a line of its own."
            : Says("flow") || (Says("node content") && line.Length == 0) ? "a list [ ] or a map { } is not written to "
                + "its end; expected items with commas between them, then its closing bracket. Text with brackets in it stands in quotes."
            : Says("block") || Says("indentation") ? "this line does not fit those above it; expected the same "
                + "indentation for keys that stand side by side, more for what is below a key."
            : "this is no YAML; expected keys, each with a colon and a space before its value, indented with spaces.";

        bool Says(string word) => detail.Contains(word, StringComparison.Ordinal);
    }

    private static bool IsIndentedByTab(string line) => line[..^line.TrimStart(' ', '\t').Length].Contains('\t', StringComparison.Ordinal);
}

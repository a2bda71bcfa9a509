namespace MlNetDl.Experiments;

/// <summary>The lines of a table as ML.NET's text loader sees them: it takes what has too few or too many fields in
/// silence, so they are counted here.</summary>
internal static class TableLines
{
    /// <summary>The header's line, then one for each row. Lines that the loader passes over are left out: empty lines,
    /// comments with <c>//</c>, and before the header with <c>#</c>. Numbers count from 1.</summary>
    public static IEnumerable<(long Number, string Text)> Read(string path)
    {
        long number = 0;
        bool header = false;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            if (text.Length > 0 && !text.StartsWith("//", StringComparison.Ordinal) && (header || text[0] != '#'))
            {
                header = true;
                yield return (number, text);
            }
        }
    }

    /// <summary>Fields of a line. A field that begins with a quote ends behind the next single one; a quote in
    /// it is doubled.</summary>
    public static int Fields(ReadOnlySpan<char> line, char separator)
    {
        int fields = 1;
        for (int at = 0; ; at++)
        {
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            if (at < line.Length && line[at] == '"')
            {
                at = QuoteEnd(line, at + 1);
            }

            int length = at < line.Length ? line[at..].IndexOf(separator) : -1;
            if (length < 0)
            {
                return fields;
            }

            (at, fields) = (at + length, fields + 1);
        }
    }

    private static int QuoteEnd(ReadOnlySpan<char> line, int at)
    {
        for (; at < line.Length; at++)
        {
            if (line[at] == '"' && (++at >= line.Length || line[at] != '"'))
            {
                break;
            }
        }

        return at;
    }
}

using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace MlNetDl.Experiments;

/// <summary>A record of a table's text: the number of its first line, from 1, and its fields without quotes and blanks around them.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Fields">Its fields.</param>
internal readonly record struct TableRecord(long Line, string[] Fields)
{
    /// <summary>Whether its line is empty.</summary>
    public bool IsEmptyLine => Fields is [""];

    /// <summary>Whether no field has a value.</summary>
    public bool IsBlank => Array.TrueForAll(Fields, f => f.Length == 0);

    /// <summary>Whether it looks like a comment.</summary>
    public bool LooksLikeComment => Fields[0].StartsWith('#') || Fields[0].StartsWith("//", StringComparison.Ordinal);
}

/// <summary>Splits a table's text into records: quotes as in RFC 4180, with line breaks in them; blanks around fields are no part of them.</summary>
internal static class TableRecords
{
    // A line break in quotes may be meant; so many in one record are a quote that nobody closed.
    private const int MostLines = 1000;

    /// <summary>The records, those of empty lines too.</summary>
    /// <param name="path">What the file is called in messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between fields; a blank stands for any number of blanks.</param>
    /// <exception cref="InvalidDataException">A quote is not closed, or text follows a closed one.</exception>
    public static IEnumerable<TableRecord> Read(string path, TextReader text, char separator)
    {
        string? bad = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            TrimOptions = separator is '\t' or ' ' ? TrimOptions.None : TrimOptions.Trim,
            WhiteSpaceChars = separator == ' ' ? [] : [' '],
            BadDataFound = found => bad ??= found.Field,
            DetectColumnCountChanges = false,
        };
        using var parser = new CsvParser(separator == ' ' ? new SingleBlanks(text) : text, configuration);
        long line = 1;
        while (Read(path, parser, line))
        {
            string[] fields = [.. Enumerable.Range(0, parser.Count).Select(i => separator == '\t' ? parser[i].Trim() : parser[i])];
            long lines = parser.RawRow - line + 1;
            if (bad is not null && (lines > 1 || bad.TrimStart().StartsWith('"')) || lines > MostLines)
            {
                throw new InvalidDataException($"'{path}', line {line}: a quote " + (lines > 1
                    ? "is not closed, or text follows it: the value would go on over lines. Double the quotes within a value."
                    : "is followed by more text within its field. Put the whole value in quotes, and double those within it."));
            }

            bad = null;
            yield return new(line, fields);
            line = parser.RawRow + 1;
        }
    }

    private static bool Read(string path, CsvParser parser, long line)
    {
        try
        {
            return parser.Read();
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}', near line {line}: bytes that are none of its encoding; say which it is, or mend the "
                + "file.", e);
        }
    }

    // Lines with one blank in place of several, and none at their ends.
    private sealed class SingleBlanks(TextReader text) : TextReader
    {
        private string line = "";
        private int at;

        public override int Read(char[] buffer, int index, int count)
        {
            if (at >= line.Length)
            {
                if (text.ReadLine() is not { } next)
                {
                    return 0;
                }

                (line, at) = ((next.Contains('"', StringComparison.Ordinal) ? next
                    : string.Join(' ', next.Split(' ', StringSplitOptions.RemoveEmptyEntries))) + "\n", 0);
            }

            int some = Math.Min(count, line.Length - at);
            line.CopyTo(at, buffer, index, some);
            at += some;
            return some;
        }

        public override int Peek() => at < line.Length ? line[at] : -1;

        public override int Read()
        {
            var one = new char[1];
            return Read(one, 0, 1) == 0 ? -1 : one[0];
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                text.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

using System.Text;
using Spectre.Console.Rendering;

namespace MlNetDl.Commands.Views;

/// <summary>Text that fits a terminal's width.</summary>
/// <param name="width">The columns.</param>
/// <param name="unicode">Whether the terminal shows more than ASCII.</param>
internal sealed class LineFit(int width, bool unicode)
{
    /// <summary>The fewest columns in which a text can be cut.</summary>
    public const int LeastWidth = 4;

    private const string Gap = "  ";
    private string Ellipsis => unicode ? "…" : "...";

    /// <summary>The columns.</summary>
    public int Width => width;

    /// <summary>Whether the terminal shows more than ASCII.</summary>
    public bool IsUnicode => unicode;

    /// <summary>A text in one line without anything that moves a cursor, cut where it is too long.</summary>
    public string Cut(string text)
    {
        var plain = Plain(text);
        if (Cells(plain) <= width)
        {
            return plain;
        }

        var (kept, room) = (new StringBuilder(), width - Cells(Ellipsis));
        foreach (var rune in plain.EnumerateRunes())
        {
            room -= Cells(rune.ToString());
            if (room < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.Append(Ellipsis).ToString();
    }

    /// <summary>Parts side by side, on as few lines as they fit.</summary>
    /// <param name="parts">The parts; one alone may be cut.</param>
    /// <param name="most">The most lines. What does not fit on the last one is cut.</param>
    /// <param name="indent">What the lines after the first begin with.</param>
    public IReadOnlyList<string> Pack(IEnumerable<string> parts, int most, string indent = Gap)
    {
        var lines = new List<string>();
        foreach (var part in parts)
        {
            bool joins = lines.Count > 0 && (Cells(lines[^1]) + Gap.Length + Cells(part) <= width || lines.Count == most);
            if (joins)
            {
                lines[^1] += Gap + part;
            }
            else
            {
                lines.Add(lines.Count == 0 ? part : indent + part);
            }
        }

        return [.. lines.Select(Cut)];
    }

    /// <summary>A text broken at its blanks into lines, each filled up with blanks: they hide what stood there before. A
    /// word that is too long for a line is broken too.</summary>
    public IReadOnlyList<string> Wrap(string text)
    {
        var lines = new List<string> { "" };
        foreach (var word in Plain(text).Split(' '))
        {
            int taken = Cells(lines[^1]);
            if (taken > 0 && taken + 1 + Cells(word) > width)
            {
                lines.Add("");
            }
            else if (taken > 0)
            {
                lines[^1] += ' ';
            }

            foreach (var rune in word.EnumerateRunes())
            {
                if (Cells(lines[^1]) + Cells(rune.ToString()) > width)
                {
                    lines.Add("");
                }

                lines[^1] += rune.ToString();
            }
        }

        return [.. lines.Select(line => line + new string(' ', Math.Max(0, width - Cells(line))))];
    }

    /// <summary>How many columns a text takes.</summary>
    public static int Cells(string text) => new Segment(text).CellCount();

    /// <summary>A text without line breaks and other control characters.</summary>
    public static string Plain(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? ' ' : c));
}

using System.Globalization;
using System.Text.RegularExpressions;
using MlNetDl.Commands.Views;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>What stands on a terminal after it was written to: understands the few control sequences that a live part
/// uses, and refuses others.</summary>
internal sealed partial class Screen
{
    private readonly List<string> lines = [""];
    private readonly int width;
    private int row, column;

    /// <summary>The screen behind a text.</summary>
    /// <param name="written">The text.</param>
    /// <param name="width">The columns. A longer line is an error, as a real terminal would break it.</param>
    public Screen(string written, int width)
    {
        this.width = width;
        foreach (Match part in Parts().Matches(written))
        {
            if (part.Groups["code"].Success)
            {
                Obey(part.Groups["code"].Value, part.Groups["number"].Value);
            }
            else
            {
                Put(part.Value[0]);
            }
        }
    }

    /// <summary>The lines from the top, without blanks at their ends and empty lines at the end.</summary>
    public IReadOnlyList<string> Lines => string.Join('\n', lines.Select(l => l.TrimEnd())).TrimEnd().Split('\n');

    private void Obey(string code, string number)
    {
        int count = number.Length == 0 ? 1 : int.TryParse(number, CultureInfo.InvariantCulture, out int n) ? n : 0;
        switch (code)
        {
            case "A":
                row = Math.Max(0, row - count);
                break;
            case "K":
                lines[row] = number == "2" ? "" : lines[row][..Math.Min(column, lines[row].Length)];
                break;
            case "m" or "h" or "l":
                break;
            default:
                throw new InvalidOperationException($"ESC[{number}{code}");
        }
    }

    private void Put(char c)
    {
        switch (c)
        {
            case '\r':
                column = 0;
                break;
            case '\n':
                (row, column) = (row + 1, 0);
                if (row == lines.Count)
                {
                    lines.Add("");
                }

                break;
            default:
                Assert.InRange(column, 0, width - 1);
                var line = lines[row].PadRight(column + 1).ToCharArray();
                line[column++] = c;
                lines[row] = new(line);
                break;
        }
    }

    [GeneratedRegex(@"\x1b\[(?<number>[0-9;?]*)(?<code>[A-Za-z])|[\s\S]")]
    private static partial Regex Parts();
}

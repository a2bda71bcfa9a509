using System.Globalization;
using MlNetDl.Commands.Views;

namespace MlNetDl.Commands;

/// <summary>One line of a terminal that moves: it is written over, fits the width at every moment, and is gone before another line is
/// written. Elsewhere than on a terminal nothing of it is seen.</summary>
/// <param name="output">Where.</param>
/// <param name="width">The columns now; <see langword="null"/> where there is no terminal.</param>
/// <param name="hasEscapes">Whether control sequences may be written; else blanks hide what stood there.</param>
internal sealed class LiveLine(TextWriter output, Func<int>? width, bool hasEscapes)
{
    private readonly Lock gate = new();
    private int written;

    /// <summary>Whether it is seen.</summary>
    public bool IsLive => width is not null;

    // The last column stays free: some terminals break the line behind a character there. A terminal that hides its size says 0.
    private int Room => Math.Max(LineFit.LeastWidth, (width!() is > 0 and var columns ? columns : 80) - 1);

    /// <summary>Whether control sequences are not wanted, or not understood.</summary>
    public static bool IsPlain => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is "dumb";

    /// <summary>The line of an output.</summary>
    public static LiveLine Of(TextWriter output)
    {
        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        // Older consoles of Windows show the sequences.
        return new(output, isTerminal ? () => Console.WindowWidth : null, isTerminal && !IsPlain && !OperatingSystem.IsWindows());
    }

    /// <summary>Shows parts side by side: all that fit.</summary>
    /// <param name="parts">The parts in their order, each with its weight: where there is no room, those of the least weight are left
    /// out first. One alone is cut.</param>
    public void Show(params IReadOnlyList<(string Text, int Weight)> parts)
    {
        if (!IsLive)
        {
            return;
        }

        lock (gate)
        {
            var fit = new LineFit(Room, unicode: false);
            var shown = parts.ToList();
            while (shown.Count > 1 && LineFit.Cells(Joined(shown)) > fit.Width)
            {
                shown.Remove(shown.MinBy(p => p.Weight));
            }

            Wipe();
            var line = fit.Cut(Joined(shown));
            output.Write(line);
            output.Flush();
            written = LineFit.Cells(line);
        }

        static string Joined(IEnumerable<(string Text, int Weight)> parts) => "  " + string.Join("  ", parts.Select(p => p.Text));
    }

    /// <summary>Writes a line that stays.</summary>
    public void WriteLine(string text)
    {
        lock (gate)
        {
            Wipe();
            output.WriteLine(text);
        }
    }

    /// <summary>Wipes the line.</summary>
    public void Clear()
    {
        lock (gate)
        {
            Wipe();
        }
    }

    private void Wipe()
    {
        if (written == 0)
        {
            return;
        }

        if (hasEscapes)
        {
            // A terminal that became narrower has broken the line.
            int above = (written - 1) / (Room + 1);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\r{(above > 0 ? $"\e[{above}A" : "")}\e[J"));
        }
        else
        {
            output.Write($"\r{new string(' ', Math.Min(written, Room))}\r");
        }

        written = 0;
    }
}

using System.Globalization;
using Spectre.Console;

namespace MlNetDl.Commands;

/// <summary>Rows of text in columns, wrapped to a terminal's width; where the output goes elsewhere, to that of the
/// environment variable <c>COLUMNS</c>, or to one that is read well.</summary>
internal static class TextTable
{
    private const int UsualWidth = 120;
    private const int LeastWidth = 40;

    /// <summary>Writes the rows; columns in <paramref name="right"/> are aligned to the right.</summary>
    public static void Write(
        TextWriter output,
        IReadOnlyList<string> heads,
        IEnumerable<IReadOnlyList<string>> rows,
        params ReadOnlySpan<int> right)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Interactive = InteractionSupport.No,
            Ansi = AnsiSupport.No,
        });
        console.Profile.Width = Width(output);
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = heads.Count > 0 };
        for (int i = 0; i < heads.Count; i++)
        {
            bool atRight = right.Contains(i);
            table.AddColumn(new TableColumn(
                new Text(heads[i]))
            { Alignment = atRight ? Justify.Right : Justify.Left, NoWrap = atRight || i == 0 });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.Write(table);
        // The library fills every line up to the table's width.
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            output.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>The columns of an output.</summary>
    public static int Width(TextWriter output)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && Console.WindowWidth > 0)
        {
            return Console.WindowWidth;
        }

        var asked = Environment.GetEnvironmentVariable("COLUMNS");
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
                && columns >= LeastWidth
            ? columns
            : UsualWidth;
    }
}

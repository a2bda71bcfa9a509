using Spectre.Console;

namespace MlNetDl.Cli;

/// <summary>Rows of text in columns: wrapped to a terminal's width, whole where the output goes to a file.</summary>
internal static class TextTable
{
    private const int Unlimited = 4096;

    /// <summary>Writes the rows; columns in <paramref name="right"/> are aligned to the right.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, params ReadOnlySpan<int> right)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            console.Profile.Width = Unlimited;
        }

        var table = new Table { Border = TableBorder.Simple, ShowHeaders = heads.Count > 0 };
        for (int i = 0; i < heads.Count; i++)
        {
            table.AddColumn(new TableColumn(new Text(heads[i])) { Alignment = right.Contains(i) ? Justify.Right : Justify.Left, NoWrap = right.Contains(i) || i == 0 });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }
}

using System.CommandLine;

namespace MlNetDl.Commands;

/// <summary>The help of the tool itself: how one begins, then the commands in groups.</summary>
internal static class RootHelp
{
    // Commands of a host stand behind these.
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("Experiments", ["new", "check", "run", "compare", "study", "worker", "verify-results"]),
        ("Saved models", ["predict", "evaluate", "inspect", "compress"]),
        ("Models that make rows", ["generate", "reconstruct", "interpolate", "traverse"]),
        ("To look up", ["list", "schema"]),
    ];

    private static readonly string[] Ends = [". ", ": ", "; "];

    private static readonly (string Line, string Meaning)[] First =
    [
        ("mldl new --data my.csv --label price > my.yaml", "writes an experiment for your data"),
        ("mldl check my.yaml", "tries it with a few rows, in seconds"),
        ("mldl run my.yaml", "trains, and leaves model.zip"),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="root">The tool.</param>
    /// <param name="named">Puts its own name where mldl stands.</param>
    /// <param name="output">Where.</param>
    public static void Write(Command root, Func<string, string> named, TextWriter output)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Three commands to begin with, for a table or a folder of images:");
        Rows([.. First.Select(f => (named(f.Line), f.Meaning))]);
        var grouped = Groups.SelectMany(g => g.Names).ToHashSet();
        var all = root.Subcommands.Where(c => !c.Hidden).ToDictionary(c => c.Name);
        foreach (var (title, names) in Groups.Append(("Further", [.. all.Keys.Where(name => !grouped.Contains(name))])))
        {
            if (names.Any(all.ContainsKey))
            {
                output.WriteLine();
                output.WriteLine($"{title}:");
                Rows([.. names.Where(all.ContainsKey).Select(name => (name, all[name].Description ?? ""))]);
            }
        }

        output.WriteLine();
        output.WriteLine(named("Usage: mldl COMMAND [arguments] [options]     mldl COMMAND --help tells more; mldl --version the version"));

        void Rows((string Name, string Text)[] rows)
        {
            int width = rows.Max(r => r.Name.Length) + 2;
            foreach (var (name, text) in rows)
            {
                // The main clause: a command's own help has the rest.
                output.WriteLine($"  {name.PadRight(width)}{text.Split(Ends, StringSplitOptions.None)[0].TrimEnd('.')}");
            }
        }
    }
}

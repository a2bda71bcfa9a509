using System.CommandLine;
using System.Globalization;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>Runs beside each other.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Figure">The figure that is tested.</param>
/// <param name="Tests">Each later run against the first one.</param>
internal sealed record ComparedRuns(IReadOnlyList<ComparedRun> Runs, string? Figure, IReadOnlyList<ComparedWithFirst> Tests);

/// <summary>A run against the first one.</summary>
/// <param name="Run">The run.</param>
/// <param name="Better">The better one; null where no difference could be shown.</param>
/// <param name="Difference">Mean of the first less that of this run; null for single seeds.</param>
/// <param name="PValue">The p value of the test, corrected by Holm where there are several; null for single seeds.</param>
/// <param name="Text">The same in words.</param>
internal sealed record ComparedWithFirst(string Run, string? Better, double? Difference, double? PValue, string Text);

/// <summary><c>mldl compare</c>.</summary>
internal sealed class CompareCommand() : ToolCommand<ComparedRuns>(
    "compare", "Sets finished runs beside each other: figures, settings that differ, sizes, times, and whether a difference is more than chance.",
    "mldl compare runs/lenet runs/mlp",
    "mldl compare runs/lenet runs/mlp runs/resnet --json")
{
    private const string OneSeed = "nothing can be concluded from one seed; seeds: [1, 2, 3] in both experiments trains more often.";

    private readonly Argument<string[]> folders = new("run")
    {
        Description = "Folders of runs with the same test data, two or more; the first is the one that others are compared with.",
        Arity = ArgumentArity.OneOrMore,
    };

    protected override IEnumerable<Symbol> Symbols => [folders];

    protected override ComparedRuns Run(ToolContext context)
    {
        var paths = context.Get(folders);
        if (paths.Length < 2)
        {
            throw new UsageException($"there is nothing to compare '{paths[0]}' with; name two runs or more.");
        }

        try
        {
            var comparison = RunComparison.Of(paths);
            return new(comparison.Runs, comparison.Figure, [.. comparison.WithFirst.Select((test, i) => new ComparedWithFirst(
                paths[i + 1],
                test?.Better,
                test?.Difference.Mean,
                test?.Test.PValue,
                test?.ToString() ?? $"{paths[i + 1]}: {OneSeed}"))]);
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidDataException)
        {
            throw new UsageException(e.Message.Split(" (Parameter '")[0]);
        }
    }

    protected override void Write(ComparedRuns result, ToolContext context)
    {
        var runs = result.Runs;
        int[] right = [.. Enumerable.Range(1, runs.Count)];
        IEnumerable<string[]> rows = runs.SelectMany(r => r.Test.Keys).Distinct().Select(name => Row(name, run => Figure(run, name)));
        TextTable.Write(context.Output, ["", .. Names(runs)],
        [
            .. rows,
            Row("seeds", r => string.Join(", ", r.Seeds)),
            Row("weights", r => Whole(r.Parameters)),
            Row("model.zip in KB", r => r.Bytes is { } bytes ? Whole(bytes / 1000) : "gone"),
            Row("epochs", r => Whole(r.Epochs)),
            Row("seconds", r => r.Seconds.ToString("N1", CultureInfo.InvariantCulture)),
        ], right);
        if (runs[0].Settings.Count > 0)
        {
            TextTable.Write(context.Output, ["setting", .. Names(runs)],
                runs[0].Settings.Keys.Select(key => Row(key, r => r.Settings[key]?.Trim('"') ?? "–")));
        }
        else
        {
            context.Output.WriteLine("Their experiments are the same.");
        }

        if (result.Tests.Count > 0)
        {
            context.Output.WriteLine($"{result.Figure}{(result.Tests.Count(t => t.PValue is not null) > 1 ? ", p values corrected by Holm" : "")}:");
        }

        foreach (var test in result.Tests)
        {
            context.Output.WriteLine($"  {test.Text}");
        }

        string[] Row(string name, Func<ComparedRun, string> cell) => [name, .. runs.Select(cell)];
    }

    private static string Figure(ComparedRun run, string name)
    {
        if (!run.Test.TryGetValue(name, out double value) || double.IsNaN(value))
        {
            return "–";
        }

        return run.StandardDeviations?.TryGetValue(name, out double deviation) == true
            ? $"{Figures.Number(name, value)} ± {Figures.Number(name, deviation)}"
            : Figures.Number(name, value);
    }

    // As short as they differ.
    private static IEnumerable<string> Names(IReadOnlyList<ComparedRun> runs)
    {
        var names = runs.Select(r => Path.GetFileName(Path.TrimEndingDirectorySeparator(r.Name))).ToList();
        return names.Distinct().Count() == names.Count ? names : runs.Select(r => r.Name);
    }

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

using System.Text.Json;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>How <see cref="SweepFolder"/> has raised <c>search.maxTrials</c> beyond what the experiment's file says. Without this
/// record, running the file again would take the further trials back.</summary>
/// <param name="From">The number that the file had.</param>
/// <param name="To">The number that the folder has since.</param>
internal sealed record SearchExtension(int From, int To)
{
    /// <summary>The file in the folder of the sweep.</summary>
    public const string File = "extended.json";

    /// <summary>Records an extension. One that continues another begins where that began.</summary>
    public static void Write(string folder, int from, int to)
    {
        var first = Of(folder) is { } before && before.To == from ? before.From : from;
        AtomicFile.WriteText(Path.Combine(folder, File), JsonSerializer.Serialize(new SearchExtension(first, to), RunResult.Json));
    }

    /// <summary>The experiment with the number of the folder, where it has the number that the folder was extended from.</summary>
    /// <param name="folder">The folder of the sweep.</param>
    /// <param name="experiment">The experiment, as its file has it.</param>
    /// <param name="before">The experiment of the folder.</param>
    public static Experiment Keep(string folder, Experiment experiment, Experiment? before) =>
        before?.Search?.MaxTrials is { } longer && Of(folder) == new SearchExtension(experiment.Search!.MaxTrials, longer)
            ? experiment with { Search = experiment.Search with { MaxTrials = longer } }
            : experiment;

    private static SearchExtension? Of(string folder)
    {
        var path = Path.Combine(folder, File);
        try
        {
            return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<SearchExtension>(System.IO.File.ReadAllText(path), RunResult.Json) : null;
        }
        catch (JsonException)
        {
            // Then the file of the experiment decides, and the runner says so.
            return null;
        }
    }
}

using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary><c>mldl check</c>.</summary>
internal sealed class CheckCommand() : ToolCommand<CheckedExperiment>(
    "check", "Tries an experiment with a few rows, in seconds: load, train, validate, save, reload, score. Says what its run would do, and leaves nothing.",
    "mldl check experiments/quickstart.yaml",
    "mldl check my.yaml training.batchSize=64")
{
    private const int MostClasses = 12;

    private readonly Argument<string> file = new("file") { Description = "The experiment's YAML file." };

    private readonly Argument<string[]> overrides = new("key=value")
    {
        Description = "Changes, such as training.epochs=3 or network=resNet18.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> folder = new("--output", "-o")
    {
        Description = "Folder of the run that is checked; runs/NAME by default. Nothing is written there.",
        HelpName = "DIR",
    };

    protected override IEnumerable<Symbol> Symbols => [file, overrides, folder];

    protected override CheckedExperiment Run(ToolContext context)
    {
        var experiment = Experiment.Load(context.Get(file), context.Get(overrides) ?? []);
        using var working = context.Working($"trying {experiment.Name} with a few rows");
        return ExperimentCheck.Run(experiment, context.Get(folder) ?? Path.Combine("runs", experiment.Name), context.Stop);
    }

    protected override void Write(CheckedExperiment result, ToolContext context)
    {
        var text = context.Output;
        text.WriteLine($"{result.Name}: {(result.Rows is null
            ? "its data and network fit each other; data of this kind gives no sample, so no step was tried."
            : "a few rows were loaded, trained on, validated with, saved and scored with the saved model.")}");
        foreach (var line in result.Data)
        {
            text.WriteLine($"  data: {line}");
        }

        if (result.Classes.Count > 0)
        {
            text.WriteLine($"  classes: {result.Classes.Count} ({string.Join(", ", result.Classes.Take(MostClasses))}"
                + $"{(result.Classes.Count > MostClasses ? ", …" : "")})");
        }

        foreach (var network in result.Networks)
        {
            text.WriteLine($"  {(network.Name is null ? "network" : $"arm {network.Name}")}: {network.Type}, "
                + $"{(network.Parameters is { } count ? Figures.Count(count, "weight") : "weights are known when it is trained")}, input {result.Input}");
        }

        text.WriteLine($"  training: {Trainings(result)}");
        text.WriteLine($"  writes: {result.Folder}{Path.DirectorySeparatorChar} ({(result.Trials is null
            ? "model.zip, model.onnx, result.json, log.txt" : "best/model.zip, study.db, study.html, result.json, log.txt")}){Found(result.Found)}");
        text.WriteLine();
        text.WriteLine("Next:");
        text.WriteLine($"  {context.Tool} run {string.Join(' ', (string[])[context.Get(file), .. context.Get(overrides) ?? []])}");
    }

    private static string Trainings(CheckedExperiment result)
    {
        if (result.Trials is { } trials)
        {
            return $"at most {Figures.Count(trials, "trial")} of the search";
        }

        var seeds = result.Seeds.Count > 1 ? $", seeds {string.Join(", ", result.Seeds)} (a training each; figures are mean ± standard deviation)" : "";
        return (result.Steps is { } steps ? Figures.Count(steps, "step") : "as many steps as there are rows")
            + (result.Seconds is { } seconds ? $", about {About(TimeSpan.FromSeconds(seconds))} on this machine without validation" : "") + seeds;
    }

    private static string About(TimeSpan time) => time.TotalSeconds < 1 ? "a second" : Figures.Time(time);

    private static string Found(FoundRun found) => found switch
    {
        FoundRun.Begun => "; this run is begun there, and is continued",
        FoundRun.Done => "; this run is done there: its result is told and nothing is trained",
        _ => "",
    };
}

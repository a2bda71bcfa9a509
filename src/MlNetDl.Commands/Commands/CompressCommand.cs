using System.CommandLine;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Models;

namespace MlNetDl.Commands;

/// <summary>What a compression gives: one of the three.</summary>
/// <param name="Result">The smaller model.</param>
/// <param name="Sensitivity">What the layers of the model bear.</param>
/// <param name="Exits">Where rows leave the model.</param>
internal sealed record CompressReport(CompressionResult? Result, ModelSensitivity? Sensitivity, ModelExits? Exits = null);

/// <summary><c>mldl compress</c>.</summary>
internal sealed class CompressCommand() : ToolCommand<CompressReport>(
    "compress", "Makes a saved model smaller by stages such as pruning, and sets both beside each other.",
    "mldl compress runs/quickstart/best/model.zip --data mnist --stage \"filterPruning(amount=0.5,of=macs,fineTune.epochs=1)\"",
    "mldl compress model.zip --data my.yaml --stage \"magnitudePruning(amount=0.9)\" --stage \"fit(epochs=3)\" --set optimizer.learningRate=0.0005",
    "mldl compress model.zip --data my.yaml --target \"latencyMs<=0.3\" --set fineTune.epochs=2",
    "mldl compress model.zip --data my.yaml --sensitivity",
    "mldl compress model.zip --data my.yaml --exits")
{
    private readonly Argument<string> model = new("model") { Description = "The model .zip; it stays as it is." };

    private readonly Option<string[]> stages = new("--stage")
    {
        Description = "A stage (mldl list stages), such as \"filterPruning(amount=0.5, fineTune.epochs=3)\" or \"{ type: filterPruning, amount: 0.5 }\"; "
            + "may be given several times, in order.",
        HelpName = "S",
    };

    private readonly Option<string> data = new("--data")
    {
        Description = "A data set's name, a folder of images, a CSV file, or an experiment's YAML file: stages train on its training part, "
            + "and its test part judges.",
        Required = true,
        HelpName = "D",
    };

    private readonly Option<string?> folder = new("--output", "-o")
    {
        Description = "Folder of the result; MODEL-compressed beside the model by default. One that holds the same compression is continued.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> settings = new("--set")
    {
        Description = "A change of the training, such as epochs=3; by default it is the one that the model was trained with. May be given several times.",
        HelpName = "key=value",
    };

    private readonly Option<string?> target = new("--target")
    {
        Description = "Instead of stages: how small the model is to become, such as \"macs <= 1e6\"; also parameters, bytes, latencyMs. Scores of "
            + "channels are tried, and the best by the loss on held-out rows is taken.",
        HelpName = "BOUND",
    };

    private readonly Option<bool> sensitivity = new("--sensitivity")
    {
        Description = "Instead of stages: what each layer bears, by pruning 10 to 90 % of each alone. It is measured on 2,000 held-out rows; "
            + "--set sensitivity.examples=500 takes fewer.",
    };

    private readonly Option<bool> exits = new("--exits")
    {
        Description = "Instead of stages: where held-out rows leave a network with early exits, by class.",
    };

    private readonly Option<string?> agree = new("--agree")
    {
        Description = "Another model, such as a teacher: how often the smaller one predicts the same class, or the same labels.",
        HelpName = "ZIP",
    };

    private readonly Option<string?> positive = new TableForm().Positive;

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print the result alone." };

    protected override IEnumerable<Symbol> Symbols => [model, stages, data, target, sensitivity, exits, folder, settings, positive, agree, quiet];

    protected override string Cancelled => Runs.Cancelled;

    protected override CompressReport Run(ToolContext context)
    {
        var path = context.Get(model);
        var manifest = ModelFile.Read(path).Manifest;
        var (given, bound, bears, leaves) = (context.Get(stages) ?? [], context.Get(target), context.Get(sensitivity), context.Get(exits));
        if ((given.Length > 0 ? 1 : 0) + (bound is null ? 0 : 1) + (bears ? 1 : 0) + (leaves ? 1 : 0) != 1)
        {
            throw new UsageException("Say one of four: a --stage (or several), such as --stage \"filterPruning(amount=0.5, fineTune.epochs=3)\" "
                + "(mldl list stages); a --target, such as --target \"macs <= 1e6\"; --sensitivity; or --exits.");
        }

        var mode = bears ? CompressMode.Sensitivity : leaves ? CompressMode.Exits : bound is null ? CompressMode.Stages : CompressMode.Target;
        var words = new CompressSettings(given, context.Get(settings) ?? [], mode).Bind(manifest);
        if ((bears || leaves) && context.Get(agree) is not null)
        {
            throw new UsageException($"--agree compares a smaller model, and {(bears ? "--sensitivity" : "--exits")} makes none; leave one of the two out.");
        }

        if (leaves)
        {
            ModelExits.Prepare(Folder(context));
            var left = ModelExits.Of(path, Data(context, path, manifest), words.Training, stop: context.Stop);
            left.Write(Folder(context));
            return new(null, null, left);
        }

        if (bears)
        {
            using var view = context.Get(quiet) ? null : new TrainingProgressView(context.Progress, $"{path}: what its layers bear");
            ModelSensitivity.Prepare(Folder(context));
            var found = ModelSensitivity.Of(
                path, Data(context, path, manifest), words.Training, words.Sensitivity, view is null ? [] : [view], stop: context.Stop);
            found.Write(Folder(context));
            return new(null, found);
        }

        return new(Compressed(context, new()
        {
            Model = path,
            Data = Data(context, path, manifest),
            Training = words.Training,
            Stages = words.Stages,
            Target = bound,
            FineTune = words.FineTune,
            Agree = context.Get(agree),
        }), null);
    }

    protected override void Write(CompressReport report, ToolContext context)
    {
        var output = Folder(context);
        if (report.Exits is { } exited)
        {
            CompressionView.Write(context.Output, exited);
            context.Output.WriteLine($"picture: {Path.Combine(output, ModelExits.Page)}");
            return;
        }

        if (report.Sensitivity is { } found)
        {
            CompressionView.Write(context.Output, found);
            context.Output.WriteLine($"curves: {Path.Combine(output, ModelSensitivity.Page)}");
            return;
        }

        var result = report.Result!;
        CompressionView.Write(context.Output, result);
        if (result.Model is not null)
        {
            context.Output.WriteLine($"ledger: {Path.Combine(output, "ledger.html")}");
            context.Output.WriteLine($"model: {Path.Combine(output, result.Model)}");
        }
    }

    private protected override string ToJson(CompressReport report) => report.Exits?.ToJson() ?? report.Sensitivity?.ToJson() ?? report.Result!.ToJson();

    private CompressionResult Compressed(ToolContext context, CompressionJob job)
    {
        if (job.Target is not null)
        {
            RequireTarget(job);
        }

        var output = Folder(context);
        using var progress = context.Get(quiet) ? null : new TrainingProgressView(context.Progress, $"{job.Model} becomes smaller in {output}");
        var compressor = new ModelCompressor(output, progress is null ? [] : [progress]);
        var result = compressor.Run(job, context.Stop);
        progress?.Clear();
        if (compressor.WasDone && progress is not null)
        {
            context.Progress.WriteLine($"'{output}' is done already; this is its result. Another --output makes it anew.");
        }

        if (result.IsMet == false)
        {
            if (!context.IsJson)
            {
                CompressionView.Write(context.Output, result);
            }

            throw new WorkFailedException($"nothing has reached '{result.Target}': {CompressionView.Nearest(result)}", result);
        }

        return result;
    }

    // A job is checked for callers from C#; here the option is named.
    private static void RequireTarget(CompressionJob job)
    {
        if (job.Problems().FirstOrDefault(p => p.Path == "target") is { } problem)
        {
            throw new UsageException($"--target {problem.Text}");
        }
    }

    private string Folder(ToolContext context) => context.Get(folder)
        ?? $"{Path.ChangeExtension(context.Get(model), null)}-{(context.Get(sensitivity) ? "sensitivity" : context.Get(exits) ? "exits" : "compressed")}";

    private DataSource Data(ToolContext context, string path, ModelManifest manifest)
    {
        var named = context.Get(data);
        if (!Experiment.IsFile(named))
        {
            var source = CompressionData.Of(path, named, context.Get(positive));
            if (source is CsvData || (source is ImageFolderData { HasTestPart: false }))
            {
                context.Warn($"'{named}' says no test part, so a part is held out anew. Where the model was trained on rows of it, it has learnt from "
                    + "some of those that judge it; give the experiment's YAML file instead, which says what was held out.");
            }

            return source;
        }

        if (context.Get(positive) is not null)
        {
            throw new UsageException($"--positive does not go with the experiment '{named}', which says by data.positive which label means yes; leave it out.");
        }

        var experiment = Experiment.Load(named);
        return Equals(experiment.Task, manifest.Task) ? experiment.Data : throw new UsageException(
            $"The model '{path}' does {TaskOf(manifest.Task)}, but the experiment '{named}' does {TaskOf(experiment.Task)}; name data of the "
                + "model's task.");
    }

    private static string TaskOf(Tasks.LearningTask? task) => task is null ? "nothing with labels"
        : Configuration.Catalogs.Tasks.EntryOf(task.GetType())?.Name ?? task.GetType().Name;
}

using System.CommandLine;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Files;
using MlNetDl.Models;

namespace MlNetDl.Commands;

/// <summary><c>mldl compress</c>.</summary>
internal sealed class CompressCommand() : ToolCommand<CompressionResult>(
    "compress", "Makes a saved model smaller by stages such as pruning, and sets both beside each other.",
    "mldl compress runs/quickstart/best/model.zip --data mnist --stage \"filterPruning(amount=0.5,of=macs,fineTune.epochs=1)\"",
    "mldl compress model.zip --data my.yaml --stage \"magnitudePruning(amount=0.9)\" --stage \"fit(epochs=3)\" --set optimizer.learningRate=0.0005")
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
        Description = "Folder of the result; MODEL-compressed by default. One that holds the same compression is continued.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> settings = new("--set")
    {
        Description = "A change of the training, such as epochs=3; by default it is the one that the model was trained with. May be given several times.",
        HelpName = "key=value",
    };

    private readonly Option<string?> agree = new("--agree")
    {
        Description = "Another model, such as a teacher: how often the smaller one predicts the same class.",
        HelpName = "ZIP",
    };

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print the result alone." };

    protected override IEnumerable<Symbol> Symbols => [model, stages, data, folder, settings, agree, quiet];

    protected override string Cancelled => Runs.Cancelled;

    protected override CompressionResult Run(ToolContext context)
    {
        var path = context.Get(model);
        var manifest = ModelFile.Read(path).Manifest;
        if (context.Get(stages) is not { Length: > 0 } given)
        {
            throw new UsageException("Nothing is said to be done to the model: name a --stage, such as --stage \"filterPruning(amount=0.5, "
                + "fineTune.epochs=3)\" (mldl list stages).");
        }

        var words = new CompressSettings(given, context.Get(settings) ?? []).Bind(manifest);
        var job = new CompressionJob
        {
            Model = path,
            Data = Data(context, path, manifest),
            Training = words.Training,
            Stages = words.Stages,
            Agree = context.Get(agree),
        };
        var output = Folder(context);
        if (context.Get(quiet))
        {
            return new ModelCompressor(output).Run(job, context.Stop);
        }

        using var progress = new TrainingProgressView(context.Progress, $"{path} becomes smaller in {output}");
        var compressor = new ModelCompressor(output, progress);
        var result = compressor.Run(job, context.Stop);
        progress.Clear();
        if (compressor.WasDone)
        {
            context.Progress.WriteLine($"'{output}' is done already; this is its result. Another --output makes it anew.");
        }

        return result;
    }

    protected override void Write(CompressionResult result, ToolContext context)
    {
        CompressionView.Write(context.Output, result);
        var output = Folder(context);
        context.Output.WriteLine($"ledger: {Path.Combine(output, "ledger.html")}");
        context.Output.WriteLine($"model: {Path.Combine(output, result.Model)}");
    }

    private protected override string ToJson(CompressionResult result) => result.ToJson();

    private string Folder(ToolContext context) =>
        context.Get(folder) ?? $"{Path.GetFileNameWithoutExtension(context.Get(model))}-compressed";

    private DataSource Data(ToolContext context, string path, ModelManifest manifest)
    {
        var named = context.Get(data);
        if (!ExperimentFile.IsOne(named))
        {
            return CompressionData.Of(path, named);
        }

        var experiment = Experiment.Load(named);
        return Equals(experiment.Task, manifest.Task) ? experiment.Data : throw new UsageException(
            $"The model '{path}' does {TaskOf(manifest.Task)}, but the experiment '{named}' does {TaskOf(experiment.Task)}; name data of the "
                + "model's task.");
    }

    private static string TaskOf(Tasks.LearningTask? task) => task is null ? "nothing with labels"
        : Configuration.Catalogs.Tasks.EntryOf(task.GetType())?.Name ?? task.GetType().Name;
}

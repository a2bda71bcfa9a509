using System.CommandLine;
using MlNetDl.Commands;
using MlNetDl.Models;

return Application.Run(args, more: [new ClassesCommand()]);

public sealed record ClassesOfModel(string Model, IReadOnlyList<string> Classes);

public sealed class ClassesCommand() : ToolCommand<ClassesOfModel>(
    "classes", "Names the classes of a model.", "owntool classes runs/quickstart/best/model.zip")
{
    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    protected override IEnumerable<Symbol> Symbols => [model];

    protected override ClassesOfModel Run(ToolContext context)
    {
        var file = context.Get(model);
        var names = ModelFile.Read(file).Manifest.ClassNames;
        if (names.Count == 0)
        {
            throw new UsageException($"'{file}' has no classes; name a model that was trained with task: multiclass.");
        }

        return new(file, [.. names]);
    }

    protected override void Write(ClassesOfModel result, ToolContext context) =>
        context.Output.WriteLine(string.Join(", ", result.Classes));
}

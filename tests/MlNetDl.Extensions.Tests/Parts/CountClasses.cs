using System.CommandLine;
using MlNetDl.Commands;
using MlNetDl.Models;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>How many classes a model tells apart.</summary>
/// <param name="Model">The file.</param>
/// <param name="ClassCount">Their number.</param>
public sealed record ClassesOfModel(string Model, int ClassCount);

/// <summary>A command of a host's own tool.</summary>
public sealed class CountClasses() : ToolCommand<ClassesOfModel>(
    "count-classes", "Tells how many classes a model tells apart.",
    "mldl count-classes runs/quickstart/best/model.zip")
{
    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [model];

    /// <inheritdoc/>
    protected override ClassesOfModel Run(ToolContext context)
    {
        int count = ModelFile.Read(context.Get(model)).Manifest.ClassNames.Count;
        if (count <= 0)
        {
            throw new UsageException("The model has no classes; name one that was trained with task: multiclass.");
        }

        return new(context.Get(model), count);
    }

    /// <inheritdoc/>
    protected override void Write(ClassesOfModel result, ToolContext context) =>
        context.Output.WriteLine($"{result.Model}: {result.ClassCount} classes");
}

using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What was interpolated.</summary>
/// <param name="Output">The file.</param>
/// <param name="Steps">How many rows it has.</param>
/// <param name="IsSpherical">Whether the way is an arc.</param>
internal sealed record InterpolatedFile(string Output, int Steps, bool IsSpherical);

/// <summary><c>mldl interpolate</c>.</summary>
internal sealed class InterpolateCommand() : ToolCommand<InterpolatedFile>(
    "interpolate", "Shows what a saved autoencoder makes between two rows: codes on the way from one to the other, decoded.",
    "mldl interpolate runs/vae/model.zip one.png seven.png",
    "mldl interpolate runs/vae/model.zip 1 2 --data mnist --spherical --output arc.png")
{
    private readonly Argument<string> model = RowData.Model();
    private readonly Argument<string> from = new("from") { Description = "An image file, or the number of a row of --data, from 1." };
    private readonly Argument<string> to = new("to") { Description = "The other end, of the same kind." };
    private readonly Option<string?> data = RowData.Data<string?>(", whose rows are then named by their numbers");
    private readonly Option<string> output = RowData.Output("interpolation");

    private readonly Option<int> steps = new("--steps")
    {
        Description = "How many rows, both ends among them; 2 or more.",
        DefaultValueFactory = _ => 11,
    };

    private readonly Option<bool> spherical = new("--spherical")
    {
        Description = "Take the arc around 0, which keeps the distance from 0, instead of the straight line.",
    };

    private readonly Option<string?> condition = RowData.Condition("that of the row of --data");

    protected override IEnumerable<Symbol> Symbols => [model, from, to, data, steps, spherical, condition, output];

    protected override InterpolatedFile Run(ToolContext context)
    {
        var made = new InterpolatedFile(context.Get(output), context.AtLeast(steps, 2), context.Get(spherical));
        var path = InterpolatedRows.Write(
            context.Get(model),
            context.Get(from),
            context.Get(to),
            made.Output,
            made.Steps,
            made.IsSpherical,
            context.Get(data) is { } name ? RowData.Named(name) : null,
            context.Get(condition),
            context.Warn);
        return made with { Output = path };
    }

    protected override void Write(InterpolatedFile result, ToolContext context) =>
        context.Output.WriteLine($"{result.Output}: {Figures.Count(result.Steps, "row")} on {(result.IsSpherical ? "an arc" : "a straight line")}");
}

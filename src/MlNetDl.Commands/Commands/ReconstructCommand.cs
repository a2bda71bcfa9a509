using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What was reconstructed.</summary>
/// <param name="Output">The file.</param>
/// <param name="Rows">How many rows.</param>
internal sealed record ReconstructedFile(string Output, int Rows);

/// <summary><c>mldl reconstruct</c>.</summary>
internal sealed class ReconstructCommand() : ToolCommand<ReconstructedFile>(
    "reconstruct", "Shows what a saved autoencoder makes of rows: images as a picture of pairs, others as a table of both.",
    "mldl reconstruct runs/vae/model.zip --data mnist",
    "mldl reconstruct runs/vae/model.zip --data rows.csv --count 100 --output again.csv")
{
    private readonly Argument<string> model = RowData.Model();
    private readonly Option<string> data = RowData.Data<string>("", required: true);
    private readonly Option<string> output = RowData.Output("reconstructions");

    private readonly Option<int> count = new("--count")
    {
        Description = "How many rows, the first ones of the data; 1 or more.",
        DefaultValueFactory = _ => 32,
    };

    private readonly Option<string?> condition = RowData.Condition("each row's own");

    protected override IEnumerable<Symbol> Symbols => [model, data, count, condition, output];

    protected override ReconstructedFile Run(ToolContext context)
    {
        int rows = context.AtLeast(count, 1);
        var (path, made) = ReconstructedRows.Write(
            context.Get(model), RowData.Named(context.Get(data)), context.Get(output), rows, context.Get(condition), context.Warn);
        return new(path, made);
    }

    protected override void Write(ReconstructedFile result, ToolContext context) =>
        context.Output.WriteLine($"{result.Output}: {Figures.Count(result.Rows, "row")}");
}

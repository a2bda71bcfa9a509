using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What was generated.</summary>
/// <param name="Output">The file.</param>
/// <param name="Count">How many rows it has.</param>
/// <param name="Seed">The seed that gives them again.</param>
internal sealed record GeneratedFile(string Output, int Count, int Seed);

/// <summary><c>mldl generate</c>.</summary>
internal sealed class GenerateCommand() : ToolCommand<GeneratedFile>(
    "generate", "Draws new rows from a saved generative model: images as one picture, others as a table.",
    "mldl generate runs/vae/model.zip --count 64 --output samples.png",
    "mldl generate runs/vae/model.zip --output rows.csv --seed 7",
    "mldl generate runs/cvae/model.zip --condition 7")
{
    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "The file: .png for images, .csv for rows of values.",
        DefaultValueFactory = _ => "samples.png",
    };

    private readonly Option<int> count = new("--count") { Description = "How many rows, 1 or more.", DefaultValueFactory = _ => 64 };

    private readonly Option<int> seed = new("--seed") { Description = "The same seed gives the same rows everywhere.", DefaultValueFactory = _ => 0 };

    private readonly Option<string?> condition = RowData.Condition("all of them in turn");

    protected override IEnumerable<Symbol> Symbols => [model, output, count, seed, condition];

    protected override GeneratedFile Run(ToolContext context)
    {
        var (path, rows) = (context.Get(output), context.Get(count));
        if (rows < 1)
        {
            throw new UsageException($"--count is {rows}, but must be 1 or more.");
        }

        GeneratedRows.Write(context.Get(model), path, rows, context.Get(seed), context.Get(condition));
        if (!context.IsJson)
        {
            context.Output.WriteLine($"{path}: {Figures.Count(rows, "row")}, seed {context.Get(seed)}");
        }

        return new(path, rows, context.Get(seed));
    }
}

using System.CommandLine;
using MlNetDl.Experiments;
using MlNetDl.Generative;

namespace MlNetDl.Commands;

/// <summary>What was generated.</summary>
/// <param name="Output">The file.</param>
/// <param name="Count">How many rows it has.</param>
/// <param name="Seed">The seed that gives them again.</param>
/// <param name="Sampler">What codes were drawn from.</param>
internal sealed record GeneratedFile(string Output, int Count, int Seed, string Sampler);

/// <summary><c>mldl generate</c>.</summary>
internal sealed class GenerateCommand() : ToolCommand<GeneratedFile>(
    "generate", "Draws new rows from a saved generative model: images as one picture, others as a table.",
    "mldl generate runs/vae/model.zip --count 64 --output samples.png",
    "mldl generate runs/vae/model.zip --output rows.csv --seed 7",
    "mldl generate runs/cvae/model.zip --condition 7",
    "mldl generate runs/vae/model.zip --sampler mixture --data mnist")
{
    private const string Prior = "prior", Mixture = "mixture";

    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    private readonly Option<string> output = RowData.Output("samples");

    private readonly Option<int> count = new("--count") { Description = "How many rows, 1 or more.", DefaultValueFactory = _ => 64 };

    private readonly Option<int> seed = new("--seed") { Description = "The same seed gives the same rows everywhere.", DefaultValueFactory = _ => 0 };

    private readonly Option<string> sampler = new Option<string>("--sampler")
    {
        Description = "What codes are drawn from: the model's prior, or a mixture of normal distributions that is fitted to the codes of --data.",
        DefaultValueFactory = _ => Prior,
    }.AcceptOnlyFromAmong(Prior, Mixture);

    private readonly Option<int?> components = new("--components") { Description = "How many distributions the mixture has, 1 or more; 10 unless given." };

    private readonly Option<string?> data = new("--data")
    {
        Description = "For the mixture: the data that the model was trained on, a data set's name or an experiment's YAML file (the training part "
            + "is taken), a folder of images (those in train, where it has that; else all) or a CSV file.",
        HelpName = "D",
    };

    private readonly Option<string?> condition = RowData.Condition("all of them in turn");

    protected override IEnumerable<Symbol> Symbols => [model, output, count, seed, sampler, components, data, condition];

    protected override GeneratedFile Run(ToolContext context)
    {
        int rows = context.Get(count);
        if (rows < 1)
        {
            throw new UsageException($"--count is {rows}, but must be 1 or more.");
        }

        var path = GeneratedRows.Write(
            context.Get(model), context.Get(output), rows, context.Get(seed), context.Get(condition), MixtureOf(context), context.Warn);
        if (!context.IsJson)
        {
            context.Output.WriteLine($"{path}: {Figures.Count(rows, "row")}, seed {context.Get(seed)}");
        }

        return new(path, rows, context.Get(seed), context.Get(sampler));
    }

    private CodeMixture? MixtureOf(ToolContext context)
    {
        var (asked, path) = (context.Get(components), context.Get(data));
        if (context.Get(sampler) == Prior)
        {
            return asked is null && path is null ? null
                : throw new UsageException("--components and --data are for --sampler mixture; the prior needs neither.");
        }

        if (path is null)
        {
            throw new UsageException("--sampler mixture is fitted to codes of the rows that the model was trained on; name them by --data.");
        }

        if (asked < 1)
        {
            throw new UsageException($"--components is {asked}, but must be 1 or more.");
        }

        return new(RowData.Named(path), new() { Components = asked ?? new MixtureOptions().Components });
    }
}

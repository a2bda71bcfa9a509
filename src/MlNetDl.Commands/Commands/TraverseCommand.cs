using System.CommandLine;
using System.Globalization;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What was traversed.</summary>
/// <param name="Output">The file.</param>
/// <param name="Values">The numbers of the values of the code, from 1, in the order of the lines.</param>
/// <param name="From">A value in the first column.</param>
/// <param name="To">A value in the last one.</param>
/// <param name="Steps">How many columns.</param>
internal sealed record TraversedFile(string Output, IReadOnlyList<int> Values, double From, double To, int Steps);

/// <summary><c>mldl traverse</c>.</summary>
internal sealed class TraverseCommand() : ToolCommand<TraversedFile>(
    "traverse", "Shows what each value of the code of a saved autoencoder does: a line for each, in which it alone changes.",
    "mldl traverse runs/vae/model.zip",
    "mldl traverse runs/vae/model.zip --data mnist --row 5 --values 6 --output digit.png")
{
    private readonly Argument<string> model = RowData.Model();

    private readonly Option<string?> data = RowData.Data<string?>(
        "; the most active values then come first. Without it the code is 0, the mean of the prior");

    private readonly Option<int?> row = new("--row")
    {
        Description = "The number of the row of --data whose code the other values keep, from 1 (default: 1).",
    };

    private readonly Option<int> values = new("--values") { Description = "How many values of the code, 1 or more.", DefaultValueFactory = _ => 10 };
    private readonly Option<double> from = new("--from") { Description = "The value in the first column.", DefaultValueFactory = _ => -3 };
    private readonly Option<double> to = new("--to") { Description = "The value in the last one.", DefaultValueFactory = _ => 3 };
    private readonly Option<int> steps = new("--steps") { Description = "How many columns, 2 or more.", DefaultValueFactory = _ => 11 };
    private readonly Option<string> output = RowData.Output("traversal");

    private readonly Option<string?> condition = RowData.Condition("that of the row of --data");

    protected override IEnumerable<Symbol> Symbols => [model, data, row, values, from, to, steps, condition, output];

    protected override TraversedFile Run(ToolContext context)
    {
        var (first, last) = (context.Get(from), context.Get(to));
        if (!double.IsFinite(first) || !double.IsFinite(last) || first == last)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"--from is {first} and --to is {last}, but they must be two numbers that differ."));
        }

        if (context.Get(row) is not null && context.Get(data) is null)
        {
            throw new UsageException("--row is the number of a row of --data; give --data too.");
        }

        var (count, columns) = (context.AtLeast(values, 1), context.AtLeast(steps, 2));
        var (path, shown) = TraversedCodes.Write(
            context.Get(model),
            context.Get(output),
            count,
            first,
            last,
            columns,
            context.Get(data) is { } name ? RowData.Named(name) : null,
            context.Get(row) ?? 1,
            context.Get(condition),
            context.Warn);
        return new(path, shown, first, last, columns);
    }

    protected override void Write(TraversedFile result, ToolContext context) => context.Output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Output}: values {string.Join(", ", result.Values)} of the code, each from {result.From} to {result.To}"));
}

using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>Options that say of a table what its file leaves in doubt.</summary>
internal sealed class TableForm
{
    private readonly Option<bool?> header = new("--header")
    {
        Description = "Whether a table's first row has the names of the columns.",
        HelpName = "true|false",
    };

    private readonly Option<string?> separator = new("--separator") { Description = "What stands between a table's fields, one character.", HelpName = "C" };

    private readonly Option<string?> mark = new Option<string?>("--decimal")
    {
        Description = "What stands before the decimals of a table's numbers.",
        HelpName = ".|,",
    }.AcceptOnlyFromAmong(".", ",");

    private readonly Option<DateOrder?> dates = new("--dates")
    {
        Description = "Which number comes first in dates such as 03/04/2025: dayFirst or monthFirst.",
    };

    private readonly Option<string?> encoding = new("--encoding") { Description = "A table's encoding, such as windows-1252.", HelpName = "NAME" };

    private readonly Option<string?> positive = new("--positive")
    {
        Description = "The label, or the folder of images, that means yes; by default that of the training, else one of true, yes, y, t, positive and 1.",
        HelpName = "WORD",
    };

    /// <summary>Those of rows without labels.</summary>
    public IEnumerable<Symbol> Symbols => [header, separator, mark, dates, encoding];

    /// <summary>Those of rows with labels.</summary>
    public IEnumerable<Symbol> WithLabel => [.. Symbols, positive];

    /// <summary>The one that says which label means yes.</summary>
    public Option<string?> Positive => positive;

    /// <summary>What they say.</summary>
    public TableOptions Of(ToolContext context) => new()
    {
        Header = context.Get(header),
        Separator = context.Get(separator) is not { } asked ? null
            : asked.Length == 1 ? asked[0] : throw new UsageException($"--separator is '{asked}', but one character stands between fields."),
        Decimal = context.Get(mark)?[0],
        Dates = context.Get(dates),
        Encoding = context.Get(encoding),
        Positive = context.Get(positive),
    };
}

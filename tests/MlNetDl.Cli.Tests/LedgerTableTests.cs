using MlNetDl.Commands.Views;
using MlNetDl.Compression;

namespace MlNetDl.Cli.Tests;

/// <summary>Ledgers on a terminal.</summary>
public sealed class LedgerTableTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Decibels_have_no_ratio(int models)
    {
        using var text = new StringWriter();
        var rows = Enumerable.Range(1, models).Select(i => new LedgerRow($"m{i}", new(100 * i, 100, 100, 100, 100, 100)) { Sqnr = 12.5 * i });
        LedgerTable.Write(text, new([.. rows]));
        var table = text.ToString();
        var lines = table.Split('\n');
        Assert.All(Enumerable.Range(1, models), i => Assert.Contains(FormattableString.Invariant($"{12.5 * i:0.0}"), table, StringComparison.Ordinal));
        Assert.Contains("2.00×", table, StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.StartsWith("signal", StringComparison.Ordinal) && line.Contains('×', StringComparison.Ordinal));
    }
}

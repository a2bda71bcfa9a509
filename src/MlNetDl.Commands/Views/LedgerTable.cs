using System.Globalization;
using MlNetDl.Compression;

namespace MlNetDl.Commands.Views;

/// <summary>Models beside each other on a terminal: the first as it is, the others also by their part of it.</summary>
internal static class LedgerTable
{
    /// <summary>Writes the table, and the comparisons below it.</summary>
    public static void Write(TextWriter text, CompressionLedger ledger)
    {
        var first = ledger.Rows[0];
        var figure = first.Metrics.Keys.FirstOrDefault();
        TextTable.Write(
            text,
            ["model", "weights", "not 0", "bytes", "zipped", "MACs", "ms, 1", "ms, 64", "CPU/1000", .. figure is null ? [] : new[] { figure }],
            ledger.Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Name,
                Of(row.Size.Parameters, first.Size.Parameters),
                Of(row.Size.NonZeros, first.Size.NonZeros),
                Of(row.Size.OnnxBytes, first.Size.OnnxBytes),
                Of(row.Size.ZippedBytes, first.Size.ZippedBytes),
                Of(row.Size.Macs, first.Size.Macs),
                Time(row.Single?.P50, first.Single?.P50),
                Time(row.Batch?.P50, first.Batch?.P50),
                Time(1000 * row.CpuSecondsPer1000, 1000 * first.CpuSecondsPer1000),
                .. figure is null ? [] : new[] { Value(row, figure) },
            ]),
            1, 2, 3, 4, 5, 6, 7, 8, 9);
        foreach (var row in ledger.Rows.Where(r => r.Comparison is not null))
        {
            text.WriteLine($"{row.Name}: {row.Comparison}");
        }
    }

    private static string Of(long value, long baseline) => value == baseline
        ? Short(value)
        : string.Create(CultureInfo.InvariantCulture, $"{Short(value)}\n({(double)value / baseline:0.00}×)");

    // In four digits: whole numbers of all columns would not fit beside each other.
    private static string Short(long value) => value switch
    {
        < 10_000 => value.ToString("N0", CultureInfo.InvariantCulture),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.0}k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.00}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.00}G"),
    };

    private static string Time(double? value, double? baseline) => value is not { } time ? ""
        : baseline is { } other && !other.Equals(time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time:0.000}\n({time / other:0.00}×)")
            : string.Create(CultureInfo.InvariantCulture, $"{time:0.000}");

    private static string Value(LedgerRow row, string figure) => !row.Metrics.TryGetValue(figure, out double value) ? ""
        : row.StandardDeviations.TryGetValue(figure, out double deviation)
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}\n± {deviation:0.0000}")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}");
}

using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Compression;

namespace MlNetDl.Experiments;

/// <summary>The table of a ledger on a page: a row a figure and a column a model, which stays readable where few models have
/// many figures.</summary>
internal static class LedgerGrid
{
    // A page of more models is wider than a table of figures is high.
    private const int MostColumns = 5;

    /// <summary>The table.</summary>
    public static XElement Of(CompressionLedger ledger)
    {
        var lines = Lines(ledger).Select(l => (l.Name, Cells: ledger.Rows.Select(r => l.Cell(r)).ToList()))
            .Where(l => l.Cells.Exists(c => c.Length > 0)).ToList();
        bool isTurned = ledger.Rows.Count > MostColumns;
        var heads = isTurned ? lines.Select(l => l.Name) : ledger.Rows.Select(r => r.Name);
        var rows = isTurned
            ? ledger.Rows.Select((r, i) => (r.Name, Cells: lines.Select(l => l.Cells[i]).ToList()))
            : lines;
        return PageGrid.Of("Ledger", isTurned ? "model" : "figure", heads, rows);
    }

    /// <summary>A value as a part of another one: <c>0.25×</c>.</summary>
    public static string Part(double value, double of) => string.Create(CultureInfo.InvariantCulture, $"{value / of:0.00}×");

    /// <summary>A figure of a model at four digits behind the point.</summary>
    public static string Figure(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>A share in per cent.</summary>
    public static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, Func<LedgerRow, string> Cell)> Lines(CompressionLedger ledger)
    {
        var first = ledger.Rows[0];
        // The figure that matters most stands beside the name: a page is narrower than the table.
        var metrics = ledger.Rows.SelectMany(r => r.Metrics.Keys).Distinct().ToList();
        if (metrics.Count > 0)
        {
            yield return Metric(metrics[0]);
        }

        yield return ("weights", r => Count(r.Size.Parameters, first.Size.Parameters));
        yield return ("weights that are not 0", r => Count(r.Size.NonZeros, first.Size.NonZeros));
        yield return ("bytes of the .onnx file", r => Count(r.Size.OnnxBytes, first.Size.OnnxBytes));
        yield return ("bytes in a .zip", r => Count(r.Size.ZippedBytes, first.Size.ZippedBytes));
        yield return ("multiply-adds a row", r => Count(r.Size.Macs, first.Size.Macs));
        yield return ("multiply-adds a row, in the mean", r => r.MeanMacs is { } mean ? Count((long)Math.Round(mean), first.Size.Macs) : "");
        yield return ("bytes of values at once", r => Count(r.Size.PeakActivationBytes, first.Size.PeakActivationBytes));
        yield return ("ms of 1 row, median", r => Time(r.Single?.P50, first.Single?.P50));
        yield return ("ms of 1 row, 95 %", r => Time(r.Single?.P95, first.Single?.P95));
        yield return ("ms of 64 rows, median", r => Time(r.Batch?.P50, first.Batch?.P50));
        yield return ("ms of 64 rows, 95 %", r => Time(r.Batch?.P95, first.Batch?.P95));
        yield return ("processor ms of 1,000 rows", r => Time(1000 * r.CpuSecondsPer1000, 1000 * first.CpuSecondsPer1000));
        foreach (var name in metrics.Skip(1))
        {
            yield return Metric(name);
        }

        yield return ("signal to noise of rounding, dB", r => r.Sqnr?.ToString("0.0", CultureInfo.InvariantCulture) ?? "");
        yield return ("same prediction as another", r => r.Agreement is { } agreement ? $"{Percent(agreement.Share)} ({agreement.With})" : "");
        yield return ("right where they differ", r => r.Agreement is not { } a ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{a.Right:N0} of {a.Rows - a.Same:N0} ({a.With}: {a.OtherRight:N0})"));
        yield return ("epochs", r => r.Epochs?.ToString(CultureInfo.InvariantCulture) ?? "");
        yield return ("seeds", r => ledger.Rows.Any(l => l.Seeds > 1) ? r.Seeds.ToString(CultureInfo.InvariantCulture) : "");
    }

    private static (string Name, Func<LedgerRow, string> Cell) Metric(string name) => ($"{name}, test", row =>
        !row.Metrics.TryGetValue(name, out double value) ? ""
        : row.StandardDeviations.TryGetValue(name, out double deviation) ? $"{Figure(value)} ± {Figure(deviation)}" : Figure(value));

    private static string Count(long value, long first) => value == first || first == 0
        ? value.ToString("N0", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{value:N0} ({Part(value, first)})");

    private static string Time(double? value, double? first) => value is not { } time ? ""
        : first is { } other && !other.Equals(time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time:0.000} ({Part(time, other)})")
            : string.Create(CultureInfo.InvariantCulture, $"{time:0.000}");
}

using System.Globalization;
using MlNetDl.Compression;

namespace MlNetDl.Commands.Views;

/// <summary>Models beside each other on a terminal. Few models are columns with all figures; of many, each is a row, and the costs
/// are parts of the first one's.</summary>
internal static class LedgerTable
{
    private const int MostColumns = 3;

    // Decibels are a ratio already: a part of them says nothing.
    private static readonly (string Name, string Short, string Format, bool HasParts, Func<LedgerRow, double?> Of)[] Costs =
    [
        ("weights", "weights", "N0", true, r => r.Size.Parameters),
        ("weights that are not 0", "not 0", "N0", true, r => r.Size.NonZeros),
        ("bytes of the .onnx file", ".onnx", "N0", true, r => r.Size.OnnxBytes),
        ("bytes in a .zip", "zipped", "N0", true, r => r.Size.ZippedBytes),
        ("multiply-adds a row in the mean", "MACs", "N0", true, r => r.MeanMacs ?? r.Size.Macs),
        ("ms of 1 row, median", "ms, 1 row", "0.000", true, r => r.Single?.P50),
        ("ms of 64 rows, median", "ms, 64", "0.000", true, r => r.Batch?.P50),
        ("processor ms of 1,000 rows", "CPU ms/1000", "0.000", true, r => 1000 * r.CpuSecondsPer1000),
        ("signal to noise of rounding, dB", "SQNR", "0.0", false, r => r.Sqnr),
    ];

    /// <summary>Writes the table, and the comparisons below it.</summary>
    public static void Write(TextWriter text, CompressionLedger ledger)
    {
        if (ledger.Rows.Count <= MostColumns)
        {
            WriteFigures(text, ledger.Rows);
        }
        else
        {
            WriteModels(text, ledger.Rows);
        }

        foreach (var row in ledger.Rows.Where(r => r.Comparison is not null))
        {
            text.WriteLine($"{row.Name}: {row.Comparison}");
        }
    }

    private static void WriteFigures(TextWriter text, IReadOnlyList<LedgerRow> rows)
    {
        var costs = Costs.Where(c => rows.Any(r => c.Of(r) is not null));
        var metrics = rows.SelectMany(r => r.Metrics.Keys).Distinct();
        TextTable.Write(
            text,
            ["figure", .. rows.Select(r => r.Name)],
            [
                .. costs.Select(c => (IReadOnlyList<string>)[c.Name, .. rows.Select(r => Full(c.Of(r), c.HasParts ? c.Of(rows[0]) : null, c.Format))]),
                .. metrics.Select(m => (IReadOnlyList<string>)[$"{m}, test", .. rows.Select(r => Value(r, m))]),
            ],
            [.. Enumerable.Range(1, rows.Count)]);
    }

    private static void WriteModels(TextWriter text, IReadOnlyList<LedgerRow> rows)
    {
        var costs = Costs.Where(c => rows.Any(r => c.Of(r) is not null)).ToList();
        var figure = rows[0].Metrics.Keys.FirstOrDefault();
        TextTable.Write(
            text,
            ["model", .. costs.Select(c => c.Short), .. figure is null ? [] : new[] { figure }],
            rows.Select((row, i) => (IReadOnlyList<string>)
            [
                row.Name,
                .. costs.Select(c => i == 0 || !c.HasParts || c.Of(rows[0]) is null ? Number(c.Of(row), c.Format) : Part(c.Of(row), c.Of(rows[0]))),
                .. figure is null ? [] : new[] { Value(row, figure) },
            ]),
            [.. Enumerable.Range(1, costs.Count + 1)]);
    }

    private static string Full(double? value, double? first, string format) => value.Equals(first) || value is null || first is null
        ? Number(value, format)
        : $"{Number(value, format)} ({Part(value, first)})";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Part(double? value, double? first) => value is null || first is null or 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{value / first:0.00}×");

    private static string Value(LedgerRow row, string figure) => !row.Metrics.TryGetValue(figure, out double value) ? ""
        : row.StandardDeviations.TryGetValue(figure, out double deviation)
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0000} ± {deviation:0.0000}")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}");
}

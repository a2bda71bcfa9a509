using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Models;

namespace MlNetDl.Compression;

/// <summary>One table for all compressed models: what each saves, and what it loses. The first row is the model that the
/// others are compared with.</summary>
/// <param name="Rows">The models.</param>
public sealed record CompressionLedger(IReadOnlyList<LedgerRow> Rows)
{
    private const int BatchRows = 64;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Sizes models, and measures them in one interleaved run: at 1 row and at 64, with one thread.</summary>
    /// <param name="models">The models by name, the baseline first.</param>
    /// <param name="runs">Rounds of each measurement, 20 or more.</param>
    /// <param name="rows">For each model rows of its first input, row-major, such as rows of the test part: where rows leave a network
    /// early, its time depends on them. Rows of zeros when <see langword="null"/>, or for a model whose list is empty.</param>
    /// <exception cref="ArgumentException">There is no model, or one does not hold its network.</exception>
    public static CompressionLedger Measure(
        IReadOnlyList<(string Name, ModelPackage Package)> models, int runs = 200, IReadOnlyList<IReadOnlyList<float>>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0)
        {
            throw new ArgumentException("A ledger needs a model.", nameof(models));
        }

        List<ModelPackage> packages = [.. models.Select(m => m.Package)];
        var sizes = packages.Select(ModelSize.Of).ToList();
        var single = Latency.Compare(packages, 1, runs: runs, rows: rows);
        var batch = Latency.Compare(packages, BatchRows, runs: runs, rows: rows);
        return new([.. models.Select((m, i) => new LedgerRow(m.Name, sizes[i])
        {
            Single = single[i],
            Batch = batch[i],
            MeanMacs = rows is null ? null : MeanMacs.Of(m.Package, rows[i]),
            Sqnr = QuantizationReport.Of(m.Package) is { OutputError: > 0 } report ? -20 * Math.Log10(report.OutputError) : null,
        })]);
    }

    /// <summary>The names of its columns, as in <see cref="ToCsv"/>.</summary>
    public IReadOnlyList<string> Columns => [.. Cells(Rows[0]).Select(c => c.Name)];

    /// <summary>The table as CSV, one model a line.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns).Append('\n');
        foreach (var row in Rows)
        {
            text.AppendJoin(',', Cells(row).Select(c => Quoted(Text(c.Value)))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The table as <see cref="ToCsv"/> gives it.</summary>
    public override string ToString() => ToCsv();

    /// <summary>The table as JSON: a list of objects, one a model.</summary>
    public string ToJson() => new JsonArray([.. Rows.Select(row => new JsonObject(Cells(row)
        .Where(c => c.Value is not null)
        .Select(c => KeyValuePair.Create(c.Name, Node(c.Value)))))]).ToJsonString(Indented);

    /// <summary>The cells of a row by the names of the columns; <see langword="null"/> where a model has none.</summary>
    public IReadOnlyList<(string Name, object? Value)> Cells(LedgerRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var metrics = Rows.SelectMany(r => r.Metrics.Keys).Distinct().ToList();
        return
        [
            ("model", row.Name),
            ("parameters", row.Size.Parameters),
            ("nonZeros", row.Size.NonZeros),
            ("onnxBytes", row.Size.OnnxBytes),
            ("zippedBytes", row.Size.ZippedBytes),
            ("macs", row.Size.Macs),
            ("meanMacs", row.MeanMacs),
            ("peakActivationBytes", row.Size.PeakActivationBytes),
            ("sqnr", row.Sqnr),
            ("p50Ms", row.Single?.P50),
            ("p95Ms", row.Single?.P95),
            ("p50MsOf64", row.Batch?.P50),
            ("p95MsOf64", row.Batch?.P95),
            ("cpuSecondsPer1000", row.CpuSecondsPer1000),
            .. metrics.SelectMany(m => new (string, object?)[]
            {
                (m, row.Metrics.TryGetValue(m, out double value) ? value : null),
                ($"{m}Sd", row.StandardDeviations.TryGetValue(m, out double deviation) ? deviation : null),
            }),
            ("seeds", row.Seeds),
            ("epochs", row.Epochs),
            ("comparison", row.Comparison),
            .. Rows.Any(r => r.Agreement is not null) ? Agreement(row.Agreement) : [],
        ];
    }

    private static (string Name, object? Value)[] Agreement(Agreement? agreement) =>
    [
        ("agreement", agreement?.Share),
        ("agreementWith", agreement?.With),
        ("rightWhereDifferent", agreement?.Right),
        ("otherRightWhereDifferent", agreement?.OtherRight),
    ];

    private static JsonNode? Node(object? value) => value switch
    {
        double number when !double.IsFinite(number) => JsonValue.Create(Text(number)),
        double number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        _ => JsonValue.Create((string?)value),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // A cell that begins like a formula is computed by spreadsheets.
    private static string Quoted(string cell)
    {
        bool isNumber = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        var safe = cell.Length > 0 && !isNumber && "=+-@".Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell;
        return safe.AsSpan().ContainsAny("\",\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}

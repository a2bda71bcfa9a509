using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace MlNetDl.Experiments;

/// <summary>A Parquet file.</summary>
internal sealed class ParquetTable : TypedTable
{
    private const int BytesOfCell = 8;

    // Decimals of any length.
    private static readonly ParquetOptions Reading = new() { UseBigDecimal = true };

    /// <summary>Reads the schema.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has no columns.</exception>
    public ParquetTable(string path, TableOptions options)
        : base(path, options)
    {
        using var file = Open();
        Take(Try(() => file.Reader.Schema.Fields.Select(ColumnOf).ToList()));
        Size = Try(() => file.Reader.RowGroups.Sum(g => g.RowCount)) * Columns.Count * BytesOfCell;
    }

    /// <inheritdoc/>
    public override long Size { get; }

    /// <inheritdoc/>
    protected override string Form => "Parquet";

    /// <inheritdoc/>
    protected override IEnumerable<TableRecord> Read(bool keepsBlank, Action<string, long>? left)
    {
        using var file = Open();
        long row = 0;
        for (int number = 0; number < file.Reader.RowGroupCount; number++)
        {
            using var group = file.Reader.OpenRowGroupReader(number);
            var fields = Columns.Select(c => (DataField)file.Reader.Schema.Fields[c.Index]).ToList();
            var cells = new List<(RawColumnData Data, Func<string> Next)>();
            try
            {
                foreach (var (field, column) in fields.Zip(Columns))
                {
                    var data = Try(() => group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult(), column.Name);
                    cells.Add((data, CellsOf(data, field, column)));
                }

                for (long i = 0; i < group.RowCount; i++)
                {
                    yield return new(++row, Try(() => cells.Select(c => c.Next()).ToArray()));
                }
            }
            finally
            {
                cells.ForEach(c => c.Data.Dispose());
            }
        }
    }

    private Opened Open() => new(Try(() => ParquetReader.CreateAsync(Path, Reading).GetAwaiter().GetResult()));

    private static TypedColumn ColumnOf(Field field, int index)
    {
        if (field is not DataField data || data.IsArray || data.MaxRepetitionLevel > 0)
        {
            return new(field.Name, CellKind.Seen, field.SchemaType switch
            {
                SchemaType.Map => "a map",
                SchemaType.Struct => "a structure of several values",
                _ => "a list",
            }, index);
        }

        bool hasZone = data is DateTimeDataField { IsAdjustedToUTC: true, DateTimeFormat: DateTimeFormat.Timestamp };
        return new(field.Name, hasZone ? CellKind.Instant : KindOf(data), data.ClrType == typeof(ReadOnlyMemory<byte>) ? "bytes" : data.ClrType.Name, index)
        {
            Zone = hasZone ? "UTC" : null,
        };
    }

    private static CellKind KindOf(DataField field) => field switch
    {
        TimeDataField => CellKind.Time,
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => CellKind.Date,
        _ when field.ClrType == typeof(DateOnly) => CellKind.Date,
        _ when field.ClrType == typeof(DateTime) => CellKind.Moment,
        _ when field.ClrType == typeof(bool) => CellKind.YesNo,
        _ when field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(Guid) => CellKind.Text,
        _ when field.ClrType == typeof(BigDecimal) || IsNumber(field.ClrType) => CellKind.Number,
        _ => CellKind.Seen,
    };

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal || type == typeof(BigInteger);

    private Func<string> CellsOf(RawColumnData data, DataField field, TypedColumn column) => data switch
    {
        RawColumnData<sbyte> c => Cells(c, field, TypedCell.Number),
        RawColumnData<byte> c => Cells(c, field, TypedCell.Number),
        RawColumnData<short> c => Cells(c, field, TypedCell.Number),
        RawColumnData<ushort> c => Cells(c, field, TypedCell.Number),
        RawColumnData<int> c when field is TimeDataField time => Cells(c, field, v => TypedCell.Time(TicksOf(v, time))),
        RawColumnData<int> c => Cells(c, field, TypedCell.Number),
        RawColumnData<uint> c => Cells(c, field, TypedCell.Number),
        RawColumnData<long> c when field is TimeDataField time => Cells(c, field, v => TypedCell.Time(TicksOf(v, time))),
        RawColumnData<long> c => Cells(c, field, TypedCell.Number),
        RawColumnData<ulong> c => Cells(c, field, TypedCell.Number),
        RawColumnData<float> c => Cells(c, field, TypedCell.Number),
        RawColumnData<double> c => Cells(c, field, TypedCell.Number),
        RawColumnData<decimal> c => Cells(c, field, TypedCell.Number),
        RawColumnData<BigInteger> c => Cells(c, field, TypedCell.Number),
        RawColumnData<BigDecimal> c => Cells(c, field, v => Decimal(v.UnscaledValue, v.Scale)),
        RawColumnData<bool> c => Cells(c, field, TypedCell.YesNo),
        RawColumnData<DateOnly> c => Cells(c, field, v => TypedCell.Date(v.ToDateTime(default))),
        RawColumnData<DateTime> c => Cells(c, field, column.Kind == CellKind.Date ? TypedCell.Date : TypedCell.Moment),
        RawColumnData<ReadOnlyMemory<char>> c => Cells(c, field, v => v.ToString()),
        RawColumnData<Guid> c => Cells(c, field, v => v.ToString()),
        _ => throw new InvalidDataException($"'{Path}': column '{column.Name}' is {column.Type}, which is not read."),
    };

    // Values lie closely; levels say which rows have one.
    private static Func<string> Cells<T>(RawColumnData<T> data, DataField field, Func<T, string> text)
        where T : struct
    {
        int row = 0, value = 0;
        return () => field.MaxDefinitionLevel > 0 && data.DefinitionLevels[row++] < field.MaxDefinitionLevel ? "" : text(data.Values[value++]);
    }

    private static long TicksOf(long value, TimeDataField time) => time.Precision switch
    {
        TimeUnitPrecision.Millis => value * TimeSpan.TicksPerMillisecond,
        TimeUnitPrecision.Micros => value * TimeSpan.TicksPerMicrosecond,
        _ => value / TimeSpan.NanosecondsPerTick,
    };

    private static string Decimal(BigInteger digits, int scale)
    {
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (digits.Sign < 0 ? "-" : "") + (scale == 0 ? text : $"{text[..^scale]}.{text[^scale..]}");
    }

    // The reader closes its file asynchronously alone.
    private readonly record struct Opened(ParquetReader Reader) : IDisposable
    {
        public void Dispose() => Reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}

using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace MlNetDl.Experiments;

/// <summary>An Arrow file, which Feather is too from version 2 on, or an Arrow stream.</summary>
internal sealed class ArrowTable : TypedTable
{
    /// <summary>Reads the schema.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has no columns.</exception>
    public ArrowTable(string path, TableOptions options)
        : base(path, options)
    {
        using var reader = Open();
        Take(Try(() => reader.Schema.FieldsList.Select(ColumnOf).ToList()));
    }

    /// <inheritdoc/>
    public override long Size => new FileInfo(Path).Length;

    /// <inheritdoc/>
    protected override string Form => "Arrow";

    /// <inheritdoc/>
    protected override IEnumerable<TableRecord> Read(bool keepsBlank, Action<string, long>? left)
    {
        using var reader = Open();
        long row = 0;
        // Batches share the words of their categories.
        bool owns = Columns.All(c => c.Kind != CellKind.Category);
        while (Try(reader.ReadNextRecordBatch) is { } batch)
        {
            using var owned = owns ? batch : null;
            Func<int, string>[] cells = [.. Columns.Select(c => Try(() => ArrowCells.Of(batch.Column(c.Index)), c.Name))];
            for (int i = 0; i < batch.Length; i++)
            {
                int at = i;
                yield return new(++row, Try(() => cells.Select(cell => cell(at)).ToArray()));
            }
        }
    }

    private ArrowStreamReader Open() => Try(() =>
    {
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // A stream begins with the length of its first message, a file with its name.
        var reader = file.ReadByte() == 'A' ? new ArrowFileReader(Rewound(file), new CompressionCodecFactory())
            : new ArrowStreamReader(Rewound(file), new CompressionCodecFactory());
        _ = reader.Schema;
        return reader;
    });

    private static FileStream Rewound(FileStream file)
    {
        file.Position = 0;
        return file;
    }

    private static TypedColumn ColumnOf(Field field, int index) => new(field.Name, ArrowCells.KindOf(field.DataType), field.DataType switch
    {
        StructType => "a structure of several values",
        MapType => "a map",
        NestedType => "a list",
        DurationType => "a duration",
        _ => $"of the type {field.DataType.Name}",
    }, index)
    {
        Zone = field.DataType is TimestampType { Timezone: { Length: > 0 } zone } ? zone : null,
    };
}

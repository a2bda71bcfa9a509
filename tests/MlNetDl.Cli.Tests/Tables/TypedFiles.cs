using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Writes Parquet and Arrow files as other programs do.</summary>
internal static class TypedFiles
{
    /// <summary>Writes a Parquet file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns: <see cref="Of{T}"/> or <see cref="Words"/>.</param>
    /// <param name="groups">How often the rows come, each time as a row group.</param>
    /// <param name="packed">How it is packed.</param>
    public static void Parquet(
        string path, IReadOnlyList<ParquetColumn> columns, int groups = 1, CompressionMethod packed = CompressionMethod.Snappy)
    {
        Write().GetAwaiter().GetResult();

        async Task Write()
        {
            using var file = File.Create(path);
            var schema = new ParquetSchema(columns.Select(c => c.Field).ToArray());
            await using var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = packed });
            for (int i = 0; i < groups; i++)
            {
                using var group = writer.CreateRowGroup();
                foreach (var column in columns)
                {
                    await column.Write(group);
                }
            }
        }
    }

    /// <summary>A column of values; <see langword="null"/> is one that is not there.</summary>
    public static ParquetColumn Of<T>(string name, params T?[] values)
        where T : struct => Of(new DataField<T?>(name), values);

    /// <summary>A column of a form of its own.</summary>
    public static ParquetColumn Of<T>(DataField field, params T?[] values)
        where T : struct => new(field, group => group.WriteAsync<T>(field, values));

    /// <summary>A column of texts.</summary>
    public static ParquetColumn Words(string name, params string?[] values)
    {
        var field = new DataField<string>(name);
        return new(field, group => group.WriteAsync(field, values!));
    }

    /// <summary>Writes an Arrow file, which Feather is too, or a stream.</summary>
    public static void Arrow(
        string path, IReadOnlyList<(string Name, IArrowArray Values)> columns, CompressionCodecType? packed = null, bool isStream = false, int batches = 1)
    {
        var schema = new Schema([.. columns.Select(c => new Field(c.Name, c.Values.Data.DataType, nullable: true))], null);
        var rows = new RecordBatch(schema, columns.Select(c => c.Values), columns.Count == 0 ? 0 : columns[0].Values.Length);
        using var file = File.Create(path);
        var options = new IpcOptions { CompressionCodec = packed, CompressionCodecFactory = new CompressionCodecFactory() };
        using var writer = isStream ? new ArrowStreamWriter(file, schema, false, options) : new ArrowFileWriter(file, schema, false, options);
        for (int i = 0; i < batches; i++)
        {
            writer.WriteRecordBatch(rows);
        }

        writer.WriteEnd();
    }
}

/// <summary>A column of a Parquet file.</summary>
/// <param name="Field">Its name and type.</param>
/// <param name="Write">Writes its values.</param>
internal sealed record ParquetColumn(DataField Field, Func<ParquetRowGroupWriter, Task> Write);

using System.Runtime.InteropServices;
using Google.Protobuf;
using static MlNetDl.Onnx.Schema.TensorProto.Types;

namespace MlNetDl.Onnx;

/// <summary>The element types of tensors: their number in ONNX and their bytes in files, little-endian.</summary>
/// <remarks>Arrays are told apart by their element type: to the runtime an <c>sbyte[]</c> is a <c>byte[]</c>
/// too.</remarks>
internal static class OnnxElements
{
    public const string Supported = "float[], long[], int[], sbyte[], byte[], bool[], Half[] or ushort[] (bfloat16)";

    /// <summary>ONNX's number of an array's element type; <see langword="null"/> for others.</summary>
    public static DataType? TypeOf(Array data) => data is Half[]? DataType.Float16 : Type.GetTypeCode(data.GetType().GetElementType()) switch
    {
        TypeCode.UInt16 => DataType.Bfloat16,
        TypeCode.Single => DataType.Float,
        TypeCode.Int64 => DataType.Int64,
        TypeCode.Int32 => DataType.Int32,
        TypeCode.SByte => DataType.Int8,
        TypeCode.Byte => DataType.Uint8,
        TypeCode.Boolean => DataType.Bool,
        _ => null,
    };

    /// <summary>The bytes of the elements.</summary>
    public static long Length(Array data) => data is Half[]? 2 * data.LongLength : Buffer.ByteLength(data);

    /// <summary>The elements as they lie in a file.</summary>
    public static ByteString Bytes(Array data)
    {
        if (data is Half[] halves)
        {
            return ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves));
        }

        var bytes = new byte[Buffer.ByteLength(data)];
        Buffer.BlockCopy(data, 0, bytes, 0, bytes.Length);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Elements out of a file; <see langword="null"/> for types that are not supported.</summary>
    public static Array? Read(DataType type, ReadOnlySpan<byte> bytes) => type switch
    {
        DataType.Float => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        DataType.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        DataType.Int32 => MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
        DataType.Int8 => MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(),
        DataType.Uint8 => bytes.ToArray(),
        DataType.Float16 => MemoryMarshal.Cast<byte, Half>(bytes).ToArray(),
        DataType.Bfloat16 => MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(),
        DataType.Bool => Array.ConvertAll(bytes.ToArray(), b => b != 0),
        _ => null,
    };
}

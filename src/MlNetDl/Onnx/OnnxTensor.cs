using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetDl.Layers.Contracts;
using static MlNetDl.Onnx.Schema.TensorProto.Types;

namespace MlNetDl.Onnx;

/// <summary>A tensor in managed memory that goes into or comes out of an <see cref="OnnxModel"/>.</summary>
/// <param name="Dims">Its dimensions, all known, such as [2, 10]; none for a scalar.</param>
/// <param name="Data">Its elements, row-major: a <c>float[]</c>, <c>long[]</c>, <c>int[]</c>, <c>sbyte[]</c>,
/// <c>byte[]</c> or <c>bool[]</c>.</param>
public sealed record OnnxTensor(ValueList<long> Dims, Array Data)
{
    /// <summary>Whether <see cref="Data"/> may be longer than the dimensions say: a buffer that is used again, of which
    /// a model reads the first elements without a copy. No by default, because it is mostly a mistake.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>The elements of a float32 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public float[] Floats => Data as float[] ?? throw Not("float32");

    /// <summary>The elements of an int64 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public long[] Integers => Data as long[] ?? throw Not("int64");

    /// <summary>The same memory as ONNX Runtime takes it.</summary>
    /// <exception cref="ArgumentException">The elements are too few or too many, or of a type that
    /// is not supported.</exception>
    internal OrtValue ToValue()
    {
        var count = Dims.Aggregate((Int128)1, (product, d) => Int128.Min(product * d, (Int128)int.MaxValue + 1));
        if (Dims.Any(d => d < 0) || count > Data.Length || (count < Data.Length && !IsPrefix))
        {
            throw new ArgumentException($"A tensor of dimensions {Dims} cannot hold {Data.Length} elements.");
        }

        return OnnxElements.TypeOf(Data) switch
        {
            DataType.Float => Of<float>((int)count),
            DataType.Int64 => Of<long>((int)count),
            DataType.Int32 => Of<int>((int)count),
            DataType.Int8 => Of<sbyte>((int)count),
            DataType.Uint8 => Of<byte>((int)count),
            DataType.Bool => Of<bool>((int)count),
            _ => throw new ArgumentException($"A tensor of {Data.GetType().Name} cannot be scored; use {OnnxElements.Supported}."),
        };
    }

    /// <summary>A copy of what ONNX Runtime made.</summary>
    /// <exception cref="NotSupportedException">It is of a type that is not supported.</exception>
    internal static OnnxTensor Of(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new(info.Shape.ToValueList(), info.ElementDataType switch
        {
            TensorElementType.Float => Copy<float>(value, info),
            TensorElementType.Int64 => Copy<long>(value, info),
            TensorElementType.Int32 => Copy<int>(value, info),
            TensorElementType.Int8 => Copy<sbyte>(value, info),
            TensorElementType.UInt8 => Copy<byte>(value, info),
            TensorElementType.Bool => Copy<bool>(value, info),
            var type => throw new NotSupportedException($"The model has an output of type {type}; {OnnxElements.Supported} are supported."),
        });
    }

    // An empty array has no memory to point to, so ONNX Runtime makes the empty tensor itself. Its numbers of types
    // are those of ONNX.
    private OrtValue Of<T>(int count) where T : unmanaged => count == 0
        ? OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)OnnxElements.TypeOf(Data)!, Dims.ToArray())
        : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, ((T[])Data).AsMemory(0, count), Dims.ToArray());

    private static T[] Copy<T>(OrtValue value, OrtTensorTypeAndShapeInfo info) where T : unmanaged =>
        info.ElementCount == 0 ? [] : value.GetTensorDataAsSpan<T>().ToArray();

    private InvalidOperationException Not(string type) =>
        new($"The tensor {Dims} holds {Data.GetType().GetElementType()!.Name}, not {type}.");
}

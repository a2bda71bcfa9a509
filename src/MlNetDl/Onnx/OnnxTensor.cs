using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Onnx;

/// <summary>A tensor in managed memory that goes into or comes out of an <see cref="OnnxModel"/>.</summary>
/// <param name="Dims">Its dimensions, all known, such as [2, 10]; none for a scalar.</param>
/// <param name="Data">Its elements, row-major: a <c>float[]</c>, <c>long[]</c> or <c>bool[]</c>.</param>
public sealed record OnnxTensor(ValueList<long> Dims, Array Data)
{
    /// <summary>The elements of a float32 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public float[] Floats => Data as float[] ?? throw Not("float32");

    /// <summary>The elements of an int64 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public long[] Integers => Data as long[] ?? throw Not("int64");

    /// <summary>The same memory as ONNX Runtime takes it.</summary>
    internal OrtValue ToValue()
    {
        if (Dims.Any(d => d < 0) || Dims.Aggregate((Int128)1, (product, d) => product * d) != Data.Length)
        {
            throw new ArgumentException($"A tensor of dimensions {Dims} cannot hold {Data.Length} elements.");
        }

        return Data switch
        {
            float[] floats => OrtValue.CreateTensorValueFromMemory(floats, Dims.ToArray()),
            long[] longs => OrtValue.CreateTensorValueFromMemory(longs, Dims.ToArray()),
            bool[] truths => OrtValue.CreateTensorValueFromMemory(truths, Dims.ToArray()),
            _ => throw new ArgumentException($"A tensor of {Data.GetType().Name} cannot be scored; use float[], long[] or bool[]."),
        };
    }

    /// <summary>A copy of what ONNX Runtime made.</summary>
    internal static OnnxTensor Of(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new(info.Shape.ToValueList(), info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
            TensorElementType.Bool => value.GetTensorDataAsSpan<bool>().ToArray(),
            var type => throw new NotSupportedException($"The model has an output of type {type}; float32, int64 and bool are supported."),
        });
    }

    private InvalidOperationException Not(string type) => new($"The tensor {Dims} holds {Data.GetType().GetElementType()!.Name}, not {type}.");
}

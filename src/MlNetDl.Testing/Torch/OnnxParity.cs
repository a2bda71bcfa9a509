using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MlNetDl.Testing;

/// <summary>Runs a network in torch and its ONNX form in ONNX Runtime, directly, and compares.</summary>
public static class OnnxParity
{
    /// <summary>The greatest difference over all outputs, relative to the greatest value where that is above 1. The
    /// network ends in evaluation mode.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">A tensor for each of its inputs, float32 or int64.</param>
    /// <exception cref="ContractException">Names, dimensions or types of the outputs differ.</exception>
    public static double Difference(TorchNetwork network, params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        network.SetTraining(false);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var expected = network.Forward(inputs);
        using var session = new InferenceSession(OnnxWriter.Write(network.Plan, network.ReadWeights()));
        var values = network.Plan.Network.Inputs.Zip(
            inputs,
            (declared, tensor) => tensor.dtype == ScalarType.Int64
                ? NamedOnnxValue.CreateFromTensor(
                    declared.Name, new DenseTensor<long>(tensor.numel() == 0 ? [] : tensor.contiguous().data<long>().ToArray(), Dims(tensor)))
                : NamedOnnxValue.CreateFromTensor(
                    declared.Name,
                    new DenseTensor<float>(tensor.numel() == 0 ? [] : tensor.detach().contiguous().data<float>().ToArray(), Dims(tensor))));
        using var results = session.Run([.. values]);
        Expect.Sequence(expected.Keys.Order(), results.Select(r => r.Name).Order(), "the outputs of the ONNX model");
        return results.Max(result => Difference(expected[result.Name], result));
    }

    private static double Difference(Tensor expected, DisposableNamedOnnxValue result)
    {
        bool whole = result.ElementType == TensorElementType.Int64;
        var (real, dims) = whole
            ? (result.AsTensor<long>().Select(v => (float)v).ToArray(), result.AsTensor<long>().Dimensions.ToArray())
            : (result.AsTensor<float>().ToArray(), result.AsTensor<float>().Dimensions.ToArray());
        Expect.Sequence(expected.shape, dims.Select(d => (long)d), $"the dimensions of '{result.Name}' in ONNX Runtime");
        Expect.Equal(expected.dtype == ScalarType.Int64, whole, $"whether '{result.Name}' is int64 in ONNX Runtime");
        float[] values = expected.numel() == 0 ? [] : expected.to(ScalarType.Float32).contiguous().data<float>().ToArray();
        double scale = Math.Max(1, values.Select(Math.Abs).DefaultIfEmpty().Max());

        // A NaN on either side is a difference that no tolerance takes.
        return values.Zip(real, (a, b) => Math.Abs(a - b) / scale)
            .Select(d => double.IsNaN(d) ? double.PositiveInfinity : d).DefaultIfEmpty().Max();
    }

    private static int[] Dims(Tensor tensor) => [.. tensor.shape.Select(s => (int)s)];
}

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MlNetDl.Tests.Contracts;

/// <summary>Runs a network in torch and its ONNX form in ONNX Runtime, directly, and compares.</summary>
internal static class OnnxParity
{
    /// <summary>The greatest difference over all outputs, relative to the greatest value where that is above 1.</summary>
    public static double Difference(TorchNetwork network, params IReadOnlyList<Tensor> inputs)
    {
        network.SetTraining(false);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var expected = network.Forward(inputs);
        using var session = new InferenceSession(OnnxWriter.Write(network.Plan, network.ReadWeights()));
        var values = network.Plan.Network.Inputs.Zip(inputs, (declared, tensor) => tensor.dtype == ScalarType.Int64
            ? NamedOnnxValue.CreateFromTensor(declared.Name, new DenseTensor<long>(tensor.data<long>().ToArray(), Dims(tensor)))
            : NamedOnnxValue.CreateFromTensor(declared.Name, new DenseTensor<float>(tensor.detach().contiguous().data<float>().ToArray(), Dims(tensor)))).ToList();
        using var results = session.Run(values);
        Assert.Equal(expected.Keys.Order(), results.Select(r => r.Name).Order());
        return results.Max(result =>
        {
            var wanted = expected[result.Name];
            var (real, dims) = result.ElementType == TensorElementType.Int64
                ? (result.AsTensor<long>().Select(v => (float)v).ToArray(), result.AsTensor<long>().Dimensions.ToArray())
                : (result.AsTensor<float>().ToArray(), result.AsTensor<float>().Dimensions.ToArray());
            Assert.Equal(wanted.shape, dims.Select(d => (long)d));
            Assert.Equal(wanted.dtype == ScalarType.Int64, result.ElementType == TensorElementType.Int64);
            var values = wanted.to(ScalarType.Float32).contiguous().data<float>().ToArray();
            double scale = Math.Max(1, values.Max(Math.Abs));
            return values.Zip(real, (a, b) => Math.Abs(a - b) / scale).Max();
        });
    }

    private static int[] Dims(Tensor tensor) => [.. tensor.shape.Select(s => (int)s)];
}

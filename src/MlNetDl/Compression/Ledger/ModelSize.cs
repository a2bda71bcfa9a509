using System.IO.Compression;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;

namespace MlNetDl.Compression;

/// <summary>How large a model is, in every sense that is sold as "smaller".</summary>
/// <param name="Parameters">Trainable weights, auxiliary heads included.</param>
/// <param name="NonZeros">Those of them that are not 0. Where these are fewer, the model is smaller in the package, but
/// computes as much.</param>
/// <param name="OnnxBytes">The length of the <c>.onnx</c> that any runtime reads; zeros take as much there as other
/// values.</param>
/// <param name="ZippedBytes">The length of the model in a <c>.zip</c>, where zeros take next to nothing.</param>
/// <param name="Macs">Multiply–adds of convolutions and matrix products for one example.</param>
/// <param name="PeakActivationBytes">The most bytes of values that are needed at once to score one example, weights apart:
/// at each layer what it reads, what it writes, and what later layers still need. Runtimes take more.</param>
public sealed record ModelSize(
    long Parameters, long NonZeros, long OnnxBytes, long ZippedBytes, long Macs, long PeakActivationBytes)
{
    private const int LengthOfFreeAxes = 128;

    /// <summary>The size of a model.</summary>
    /// <param name="package">The model. Its networks' trees are rebuilt, so it must hold them.</param>
    /// <exception cref="ArgumentException">It holds no description of its networks.</exception>
    /// <exception cref="ConfigurationException">It has a layer that is not registered here.</exception>
    public static ModelSize Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Networks.Count == 0)
        {
            throw new ArgumentException("The model holds no description of its network, so its cost cannot be told; save it anew with this "
                + "version of the library.");
        }

        var plans = package.Manifest.Networks.ToDictionary(
            n => n.Key, n => RecordJson.Deserialize<Network>(n.Value.GetRawText()).Plan());
        long zeros = plans.Sum(p => Zeros(package.ReadWeights(p.Key), p.Value));
        long parameters = plans.Values.Sum(p => p.ParameterCount);
        var scored = plans.Values.Select(p => p.ForScoring()).ToList();
        return new(
            parameters,
            parameters - zeros,
            package.Manifest.Graphs.Sum(g => (long)package.ToOnnx(g.Name).Length),
            Zipped(package.ToBytes()),
            scored.Sum(p => p.Macs),
            scored.Max(PeakActivations));
    }

    /// <summary>The mean of several, such as those of a training with several seeds.</summary>
    /// <param name="sizes">The sizes, one or more.</param>
    public static ModelSize Mean(IReadOnlyList<ModelSize> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        long Of(Func<ModelSize, long> part) => (long)Math.Round(sizes.Average(part));
        return new(
            Of(s => s.Parameters), Of(s => s.NonZeros), Of(s => s.OnnxBytes), Of(s => s.ZippedBytes), Of(s => s.Macs), Of(s => s.PeakActivationBytes));
    }

    /// <summary>The most bytes of values at once, for one example.</summary>
    public static long PeakActivations(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var last = new Dictionary<int, int>();
        foreach (var (index, step) in plan.Steps.Index())
        {
            foreach (int slot in step.Inputs)
            {
                last[slot] = index;
            }
        }

        foreach (var output in plan.Outputs)
        {
            last[output.Slot] = int.MaxValue;
        }

        var live = plan.Network.Inputs.Index().ToDictionary(i => i.Index, i => Bytes(i.Item.Shape));
        long peak = live.Values.Sum();
        foreach (var (index, step) in plan.Steps.Index())
        {
            foreach (var (slot, shape) in step.Outputs.Zip(step.OutputShapes))
            {
                live[slot] = Bytes(shape);
            }

            peak = Math.Max(peak, live.Values.Sum());
            foreach (int slot in live.Keys.Where(s => last.GetValueOrDefault(s, -1) <= index).ToList())
            {
                live.Remove(slot);
            }
        }

        return peak;
    }

    private static long Bytes(Shape shape) => shape.Dims.Skip(1)
        .Aggregate(shape.Type == ElementType.Int64 ? 8L : 4L, (product, dim) => checked(product * (dim.Size ?? LengthOfFreeAxes)));

    private static long Zeros(Weights weights, Plan plan) => plan.Parameters
        .Where(p => p.Parameter.Trainable && weights.Contains(p.Name))   // A quantised model is shipped without auxiliary heads.
        .Sum(p => weights[p.Name].Data.LongCount(v => v == 0));

    private static long Zipped(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var deflate = new DeflateStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return memory.Length;
    }
}

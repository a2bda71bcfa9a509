using System.Diagnostics;
using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>How much faster a rounded graph is here, for processors on which that is doubtful.</summary>
internal static class IntegerSpeed
{
    private const int Calls = 20, FreeAxis = 128;

    /// <summary>The ratio of the times of one row, in words; both are called in turns, on one thread.</summary>
    public static string Words(Plan plan, byte[] exact, byte[] rounded)
    {
        var rows = plan.Network.Inputs.ToDictionary(i => i.Name, i => Zeros(i.Shape));
        using OnnxModel one = new(exact, new() { Threads = 1 }), other = new(rounded, new() { Threads = 1 });
        double[] best = [double.PositiveInfinity, double.PositiveInfinity];
        for (int call = 0; call < Calls; call++)
        {
            foreach (var (index, model) in new[] { one, other }.Index())
            {
                long start = Stopwatch.GetTimestamp();
                model.Run(rows);
                best[index] = Math.Min(best[index], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"a row takes {best[1] / best[0]:0.##} of the time that it takes in float here");
    }

    private static OnnxTensor Zeros(Shape shape)
    {
        long[] sizes = [.. shape.Dims.Select((d, i) => i == 0 ? 1 : d.Size ?? FreeAxis)];
        long length = sizes.Aggregate(1L, (product, size) => product * size);
        return new([.. sizes], shape.Type == ElementType.Int64 ? new long[length] : new float[length]);
    }
}

using System.Runtime.InteropServices;
using MlNetDl.Analysis;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>Weights as they lie in files: little-endian float32, row-major.</summary>
internal static class WeightBytes
{
    /// <exception cref="ModelFormatException">The dimensions and the data contradict each other.</exception>
    public static WeightArray Read(string name, IEnumerable<long> dims, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw Contradiction(name, dims, $"{bytes.Length} bytes");
        }

        return Checked(name, dims, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    /// <exception cref="ModelFormatException">The dimensions and the data contradict each other.</exception>
    public static WeightArray Checked(string name, IEnumerable<long> dims, float[] data)
    {
        CheckCount(name, dims, data.Length);
        return new(name, dims.ToValueList(), data);
    }

    /// <exception cref="ModelFormatException">The dimensions claim another number of values.</exception>
    public static void CheckCount(string name, IEnumerable<long> dims, int values)
    {
        // Nothing is allocated by the count that dimensions claim; the data that is there decides. A count above it
        // stays there, so the product cannot overflow.
        Int128 count = 1;
        foreach (long dim in dims)
        {
            count = Int128.Min(count * dim, (Int128)values + 1);
        }

        if (count != values || dims.Any(d => d < 0))
        {
            throw Contradiction(name, dims, $"{values} values");
        }
    }

    private static ModelFormatException Contradiction(string name, IEnumerable<long> dims, string got) =>
        new($"Weight '{name}' claims dimensions [{string.Join(", ", dims)}] but holds {got}.");
}

using Microsoft.ML;

namespace MlNetDl.Tests.Compression;

/// <summary>Rows whose class is whether one number is above another; a third number says nothing.</summary>
internal static class ComparedNumbers
{
    /// <summary>So many rows, drawn by a seed.</summary>
    public static IDataView Rows(MLContext ml, int count, int seed = 1)
    {
        var random = new Random(seed);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            float a = random.NextSingle(), b = random.NextSingle();
            return new Row(a, b, i % 7, a > b ? "above" : "below");
        }).ToList());
    }

    private sealed record Row(float A, float B, float C, string Kind);
}

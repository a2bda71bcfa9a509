using System.Globalization;
using System.IO.Compression;
using MlNetDl.Data;

namespace MlNetDl.Sweeps.Pruners;

/// <summary>Values of configurations that were trained once: at each epoch, or with each seed.</summary>
internal sealed record RecordedCurves(double[][] Values)
{
    private const int FirstValue = 8;

    /// <summary>How many values a configuration has.</summary>
    public int Length => Values[0].Length;

    /// <summary>Reads a file of <c>datasets/learning-curves</c>; an empty field is NaN: training had
    /// diverged.</summary>
    public static RecordedCurves Read(string file)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(DatasetFolder.Find($"learning-curves/{file}")), CompressionMode.Decompress));
        reader.ReadLine();
        var values = new List<double[]>();
        while (reader.ReadLine() is { } line)
        {
            values.Add([.. line.Split(',')
                .Skip(FirstValue)
                .Select(v => v.Length == 0 ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture))]);
        }

        return new([.. values]);
    }

    /// <summary>Some of the configurations in random order.</summary>
    public double[][] Draw(int count, int seed)
    {
        var drawn = (double[][])Values.Clone();
        new Random(seed).Shuffle(drawn);
        return drawn[..count];
    }
}

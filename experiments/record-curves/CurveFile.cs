using System.Globalization;
using System.IO.Compression;

namespace MlNetDl.RecordCurves;

/// <summary>Writes one line a configuration: its number, its parameters, its values.</summary>
internal static class CurveFile
{
    public static void Write(
        string path,
        IReadOnlyList<Configuration> configurations,
        string column,
        IEnumerable<int> columns,
        Func<Configuration, double[]> values)
    {
        // The file is touched only when all is there.
        var lines = configurations.Select((c, number) => Line(number, c, values(c))).ToList();
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize)) { NewLine = "\n" };
        writer.WriteLine("number,optimizer,learningRate,batchSize,width,depth,dropout,weightDecay,"
            + $"{string.Join(',', columns.Select(c => column + c))}");
        lines.ForEach(writer.WriteLine);
    }

    // An empty field: training had diverged.
    private static string Line(int number, Configuration c, double[] values) => string.Create(CultureInfo.InvariantCulture,
        $"{number},{c.Optimizer},{c.LearningRate:G6},{c.BatchSize},{c.Width},{c.Depth},{c.Dropout:G4},{c.WeightDecay:G6},")
        + string.Join(',', values.Select(v => double.IsNaN(v) ? "" : v.ToString("F5", CultureInfo.InvariantCulture)));
}

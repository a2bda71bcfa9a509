using System.Globalization;
using System.IO.Compression;

namespace MlNetDl.RecordCurves;

/// <summary>Writes one line a configuration: its number, its parameters, its values.</summary>
internal static class CurveFile
{
    public static void Write(string path, IReadOnlyList<Configuration> configurations, string column, IEnumerable<int> columns, Func<Configuration, double[]> values)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize)) { NewLine = "\n" };
        writer.WriteLine($"number,optimizer,learningRate,batchSize,width,depth,dropout,weightDecay,{string.Join(',', columns.Select(c => column + c))}");
        foreach (var (number, c) in configurations.Index())
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{number},{c.Optimizer},{c.LearningRate:G6},{c.BatchSize},{c.Width},{c.Depth},{c.Dropout:G4},{c.WeightDecay:G6}"));
            foreach (double value in values(c))
            {
                // An empty field: training had diverged.
                writer.Write(double.IsNaN(value) ? "," : string.Create(CultureInfo.InvariantCulture, $",{value:F5}"));
            }

            writer.WriteLine();
        }
    }
}

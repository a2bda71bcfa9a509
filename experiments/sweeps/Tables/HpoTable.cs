using System.Globalization;
using System.IO.Compression;
using MlNetDl.Data;
using MlNetDl.Search;

namespace MlNetDl.Sweeps.Tables;

/// <summary>A table of trained networks: every point of a grid with its accuracy, the mean over the table's
/// seeds.</summary>
internal sealed class HpoTable
{
    private readonly Dictionary<string, double> accuracies = [];
    private readonly List<(string Name, List<string> Values, bool Ordered)> columns = [];

    private HpoTable(string name) => Name = name;

    public static IReadOnlyList<string> Names { get; } = ["hpobench-australian", "hpobench-vehicle", "nasbench201-cifar10"];

    public string Name { get; }

    /// <summary>The best accuracy in the table, from 0 to 1.</summary>
    public double Best => accuracies.Values.Max();

    public static HpoTable Load(string name)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(DatasetFolder.Find($"hpo-tables/{name}.csv.gz")), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        int parameters = header.Count(c => !c.StartsWith("seed", StringComparison.Ordinal));
        var table = new HpoTable(name);
        var seen = header.Take(parameters).Select(_ => new HashSet<string>()).ToList();

        // NAS-Bench-201 has per cent.
        double unit = name.StartsWith("nas", StringComparison.Ordinal) ? 0.01 : 1;
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            for (int i = 0; i < parameters; i++)
            {
                seen[i].Add(cells[i]);
            }

            table.accuracies.Add(
                string.Join(',', cells.Take(parameters)),
                unit
                    * cells.Skip(parameters)
                        .Where(c => c.Length > 0)
                        .Average(c => double.Parse(c, CultureInfo.InvariantCulture)));
        }

        table.columns.AddRange(seen.Select((values, i) => values.All(v => double.TryParse(v, CultureInfo.InvariantCulture, out _))
            ? (header[i], values.OrderBy(v => double.Parse(v, CultureInfo.InvariantCulture)).ToList(), true)
            : (header[i], values.ToList(), false)));
        return table;
    }

    /// <summary>The accuracy of a point. Numbers are searched by their place in the grid, which is evenly spaced in the
    /// logarithm; names as a choice.</summary>
    public double Accuracy(Trial trial) => accuracies[string.Join(
        ',',
        columns.Select(
            c => c.Ordered ? c.Values[trial.Integer(c.Name, 0, c.Values.Count - 1)] : trial.Choice(c.Name, c.Values)))];
}

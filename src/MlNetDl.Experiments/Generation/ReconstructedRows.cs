using MlNetDl.Layers.Contracts;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>What a saved autoencoder makes of rows: their codes, decoded again.</summary>
public static class ReconstructedRows
{
    /// <summary>Reconstructs the first rows of data and writes them: images as a picture with each below its original, others as a table with
    /// both beside each other.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="data">A data set or an experiment's data (the test part), a folder of images, or a table.</param>
    /// <param name="output">The file, <c>.png</c> or <c>.csv</c>; without an extension, the one that suits the rows.</param>
    /// <param name="count">How many rows, 1 or more; fewer where the data has fewer.</param>
    /// <param name="condition">For a model that is told classes, that of all rows; by default each row's own.</param>
    /// <param name="warn">Gets warnings of data that looks wrong.</param>
    /// <returns>The path of the file, and how many rows there were.</returns>
    /// <exception cref="ArgumentException">The model is no autoencoder, or its rows do not suit the file.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    public static (string Path, int Rows) Write(string model, NamedData data, string output, int count, string? condition = null, Action<string>? warn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var codes = CodeModel.Of(ModelFile.Read(model));
        var file = new RowFile(output, codes);
        codes.MayBeTold(condition);
        var seen = ModelData.Rows(model, codes.Manifest, data, warn);
        var rows = seen.First(count).ToList();
        var classes = codes.Told(condition is null ? seen.Classes?.Take(rows.Count) : Enumerable.Repeat(condition, rows.Count));
        var again = codes.Decode(codes.Encode(rows, classes).Means, classes);
        file.WritePairs(rows, again);
        return (file.Path, rows.Count);
    }

    /// <summary>Columns of a sheet of pairs that is about square.</summary>
    internal static int ColumnsOf(int pairs) => Math.Min(pairs, (int)Math.Ceiling(Math.Sqrt(2 * pairs)));

    /// <summary>A line of originals, below it a line of what is made of them, and so on.</summary>
    internal static List<float> Paired(IReadOnlyList<float[]> rows, float[] again, int columns)
    {
        int width = rows[0].Length;
        var sheet = new List<float>();
        foreach (var line in rows.Index().Chunk(columns))
        {
            var blank = Enumerable.Repeat(float.NaN, (columns - line.Length) * width);
            sheet.AddRange(line.SelectMany(row => row.Item).Concat(blank));
            sheet.AddRange(again.AsSpan(line[0].Index * width, line.Length * width));
            sheet.AddRange(blank);
        }

        return sheet;
    }
}

using System.Globalization;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>What a saved autoencoder makes between two rows: codes on the way from one's code to the other's, decoded.</summary>
public static class InterpolatedRows
{
    /// <summary>Writes the rows: images beside each other, others as a table.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="from">An image file, or where <paramref name="data"/> is given the number of one of its rows, from 1.</param>
    /// <param name="to">The other end, of the same kind.</param>
    /// <param name="output">The file, <c>.png</c> or <c>.csv</c>; without an extension, the one that suits the rows.</param>
    /// <param name="steps">How many rows, both ends among them; 2 or more.</param>
    /// <param name="isSpherical">Whether the way is an arc around 0 instead of a straight line (<see cref="CodePath.Spherical"/>).</param>
    /// <param name="data">A data set or an experiment's data (the test part), a folder of images, or a table; <see langword="null"/> for image
    /// files.</param>
    /// <param name="condition">For a model that is told classes, that of what is made; by default the first row's own, where the data has it.</param>
    /// <param name="warn">Gets warnings of data that looks wrong.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ArgumentException">The model is no autoencoder, its rows do not suit the file, or there is no such row.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    public static string Write(
        string model, string from, string to, string output, int steps = 11, bool isSpherical = false, NamedData? data = null, string? condition = null,
        Action<string>? warn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        using var codes = CodeModel.Of(ModelFile.Read(model));
        var file = new RowFile(output, codes);
        codes.MayBeTold(condition);
        var known = data is null ? null : ModelData.Rows(model, codes.Manifest, data, warn);
        float[][] rows = known is null
            ? [.. ModelData.Images(codes.Manifest, [from, to], warn).First(2)]
            : [RowOf(known, data!, from), RowOf(known, data!, to)];
        // Rows are encoded as what they are, and decoded as what is asked for: the first one's class unless another is.
        string? Own(string end) => known?.Classes is { } classes ? classes[RowNumber(known, data!, end)] : condition;
        var (first, last) = (Own(from), Own(to));
        var ends = codes.Encode(rows, codes.Told(first is null || last is null ? null : [first, last])).Means;
        var way = Codes(ends[..codes.Latent], ends[codes.Latent..], steps, isSpherical);
        var made = codes.Decode(way, codes.Told((condition ?? first) is { } asked ? Enumerable.Repeat(asked, steps) : null));
        file.Write(made, steps);
        return file.Path;
    }

    /// <summary>The codes on one of both ways, row-major.</summary>
    internal static float[] Codes(float[] from, float[] to, int steps, bool isSpherical) =>
        isSpherical ? CodePath.Spherical(from, to, steps) : CodePath.Linear(from, to, steps);

    /// <summary>A row of data by its number in words.</summary>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    internal static float[] RowOf(SeenRows rows, NamedData data, string number) => rows.Row(RowNumber(rows, data, number));

    /// <summary>The number of a row, from 0.</summary>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    internal static int RowNumber(SeenRows rows, NamedData data, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int row) && row >= 1 && row <= rows.Count
            ? row - 1
            : throw new ArgumentException($"'{data}' has {rows.Count} rows, so a row is a number from 1 to {rows.Count}, but '{number}' was given.");
}

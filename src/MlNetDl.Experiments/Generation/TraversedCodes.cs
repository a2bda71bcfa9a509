using System.Globalization;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>What each value of a code does: it alone changes, the others stay, and the codes are decoded.</summary>
public static class TraversedCodes
{
    // More rows tell no more of which values are active.
    private const int MostRows = 2000;

    /// <summary>Writes the rows: images with a line for each value of the code, others as a table.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="output">The file, <c>.png</c> or <c>.csv</c>; without an extension, the one that suits the rows.</param>
    /// <param name="values">How many values of the code, 1 or more; fewer where a code has fewer.</param>
    /// <param name="from">What a value is in the first column.</param>
    /// <param name="to">What it is in the last one.</param>
    /// <param name="steps">Columns, 2 or more.</param>
    /// <param name="data">A data set or an experiment's data (the test part), a folder of images, or a table: the most active values come first,
    /// and the others stay at a row's own code. Without it, values come in order and the others are 0.</param>
    /// <param name="row">The number of that row, from 1.</param>
    /// <param name="condition">For a model that is told classes, that of what is made; by default the row's own, where the data has it.</param>
    /// <param name="warn">Gets warnings of data that looks wrong.</param>
    /// <returns>The path of the file, and the numbers of the values, from 1, in the order of the lines.</returns>
    /// <exception cref="ArgumentException">The model is no autoencoder, its rows do not suit the file, or there is no such row.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    public static (string Path, IReadOnlyList<int> Values) Write(
        string model,
        string output,
        int values = 10,
        double from = -3,
        double to = 3,
        int steps = 11,
        NamedData? data = null,
        int row = 1,
        string? condition = null,
        Action<string>? warn = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        using var codes = CodeModel.Of(ModelFile.Read(model));
        var file = new RowFile(output, codes);
        codes.MayBeTold(condition);
        int[]? Told(string? name, int rows) => codes.Told(name is null ? null : Enumerable.Repeat(name, rows));
        var asked = condition;
        var (code, order) = (new float[codes.Latent], (IReadOnlyList<int>)[.. Enumerable.Range(0, codes.Latent)]);
        if (data is not null)
        {
            var rows = ModelData.Rows(model, codes.Manifest, data, warn);
            var own = rows.Classes?[InterpolatedRows.RowNumber(rows, data, row.ToString(CultureInfo.InvariantCulture))] ?? condition;
            asked ??= own;
            code = codes.Encode([InterpolatedRows.RowOf(rows, data, row.ToString(CultureInfo.InvariantCulture))], Told(own, 1)).Means;
            var some = rows.Thinned(MostRows);
            var (means, variances) = codes.Encode(
                some.First(some.Count), some.Classes is { } classes ? codes.Told(classes) : Told(condition, some.Count));
            order = codes.Activity(means, variances).Order;
        }

        int[] shown = [.. order.Take(values)];
        var made = codes.Decode(Codes(code, shown, from, to, steps), Told(asked, shown.Length * steps));
        file.Write(
            made,
            steps,
            ("value of the code", i => Words(shown[i / steps] + 1)),
            ("value is set to", i => Words(At(i % steps, from, to, steps))));
        return (file.Path, [.. shown.Select(v => v + 1)]);
    }

    /// <summary>Codes with one value changed, value by value, row-major.</summary>
    internal static float[] Codes(float[] code, IReadOnlyList<int> values, double from, double to, int steps) =>
        [.. values.SelectMany(value => Enumerable.Range(0, steps).SelectMany(step =>
        {
            var changed = (float[])code.Clone();
            changed[value] = (float)At(step, from, to, steps);
            return changed;
        }))];

    private static double At(int step, double from, double to, int steps) => from + ((to - from) * step / (steps - 1));

    private static string Words(double number) => number.ToString(CultureInfo.InvariantCulture);
}

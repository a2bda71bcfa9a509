using MlNetDl.Data;
using MlNetDl.Layers;

namespace MlNetDl.Generative;

/// <content>Rows as the model sees them, their classes, and how well it makes them again.</content>
public partial class CodeModel
{
    // What divides the features; read when first needed.
    private Normalize? scale;

    /// <summary>Rows as the model was trained on them, in the units of the features: pixels black or white where its likelihood draws them so.</summary>
    /// <param name="rows">A set.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentException">The values are not of the likelihood's range.</exception>
    public float[] AsTrained(Examples rows, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = new float[count * Width];
        rows.CopyTo(first, count, values);
        return AsTrained(values);
    }

    /// <summary>The same of rows in the units of the features, row-major.</summary>
    /// <exception cref="ArgumentException">The values are no whole rows, or not of the likelihood's range.</exception>
    public float[] AsTrained(float[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Length % Width != 0)
        {
            throw new ArgumentException($"{rows.Length} values of rows are no multiple of {Width}.");
        }

        return Model?.Likelihood is { IsOfShares: true } ? Observed(rows, seed: 0).Rows : rows;
    }

    /// <summary>The mean squared error of each row, on the scale of the training: between what is seen of it and what its code makes.</summary>
    /// <param name="rows">A set; where the model is told classes, with class indices as targets.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">There is no row, or rows do not suit the model.</exception>
    public IEnumerable<double> SquaredErrors(Examples rows, CancellationToken stop = default)
    {
        Suited(rows);
        for (int first = 0; first < rows.Count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(AtOnce, rows.Count - first);
            var classes = ClassesOf(rows, first, count);
            var (observed, values) = Observed(rows, first, count, seed: 0);
            var made = Scaled(Decode(Encode(values, classes).Means, classes));
            foreach (var (own, again) in observed.Chunk(Width).Zip(made.Chunk(Width)))
            {
                yield return own.Zip(again, (a, b) => ((double)a - b) * (a - b)).Average();
            }
        }
    }

    /// <summary>The classes of rows to make: one for all, or all in turn; <see langword="null"/> where the model is told none.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="condition">The class, by its name; <see langword="null"/> for all in turn.</param>
    /// <exception cref="ArgumentException">The class is unknown, or the model is told none.</exception>
    public int[]? ClassesOf(int count, string? condition)
    {
        if (ClassNames.Count == 0)
        {
            return condition is null ? null : throw new ArgumentException(
                $"A class ('{condition}') is asked for, but the model is told none; train one with classes: network: {{ type: cvae }}.");
        }

        int index = condition is null ? -1 : ClassNames.ToList().IndexOf(condition);
        return condition is not null && index < 0
            ? throw new ArgumentException($"There is no class '{condition}'; the model knows: {string.Join(", ", ClassNames)}.")
            : [.. Enumerable.Range(0, count).Select(i => index < 0 ? i % ClassNames.Count : index)];
    }

    /// <summary>The classes of rows of a set, as the model is told them; <see langword="null"/> where it is told none.</summary>
    /// <param name="rows">The set, with class indices as targets.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentException">The set has no classes, or one that the model does not know.</exception>
    public int[]? ClassesOf(Examples rows, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (ClassNames.Count == 0)
        {
            return null;
        }

        if (rows.Targets is not long[] targets || rows.TargetWidth != 1)
        {
            throw new ArgumentException("The model is told the class of each row, but the rows have none; give examples with class indices.");
        }

        var known = ClassNames.ToList();
        int[] places = rows.ClassNames.Count == 0 ? [.. Enumerable.Range(0, known.Count)] : [.. rows.ClassNames.Select(n => known.IndexOf(n))];
        return [.. targets.AsSpan(first, count).ToArray().Select(t => t >= 0 && t < places.Length && places[t] >= 0 ? places[t]
            : throw new ArgumentException($"A row is of the class '{(t >= 0 && t < rows.ClassNames.Count ? rows.ClassNames[(int)t] : $"{t}")}', which the "
                + $"model does not know; it knows: {string.Join(", ", ClassNames)}."))];
    }

    /// <summary>A set whose rows suit the model.</summary>
    /// <exception cref="ArgumentException">There is no row, or rows have another width.</exception>
    internal Examples Suited(Examples rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count > 0 && rows.Shape.ElementsPerExample() == Width ? rows : throw new ArgumentException(
            $"The model takes rows of {Width} values, but there are {rows.Count} of {rows.Shape.ElementsPerExample()}.");
    }

    /// <summary>The values that are seen of rows, on the scale of the likelihood, and the rows that show just these.</summary>
    internal (float[] Observed, float[] Rows) Observed(Examples rows, int first, int count, int seed)
    {
        var values = new float[count * Width];
        rows.CopyTo(first, count, values);
        return Observed(values, seed);
    }

    private (float[] Observed, float[] Rows) Observed(float[] rows, int seed)
    {
        var observed = Scaled(rows);
        if (Model?.Likelihood is not { IsOfShares: true } likelihood)
        {
            return (observed, rows);
        }

        likelihood.Observe(observed, Width, seed);
        float peak = Scale.StandardDeviation[0];
        return (observed, Array.ConvertAll(observed, v => v * peak));
    }

    private float[] Scaled(float[] values)
    {
        int channel = Width / Scale.Mean.Count;
        return [.. values.Select((v, i) => (v - Scale.Mean[i % Width / channel]) / Scale.StandardDeviation[i % Width / channel])];
    }

    // Another model than an autoencoder compares rows in the units of the features.
    private Normalize Scale => scale ??= Model is null ? new Normalize([0], [1]) : LatentModel.Parts(Tree()).Scale;

    /// <summary>The trained network.</summary>
    private protected Analysis.Network Tree() =>
        Configuration.RecordJson.Deserialize<Analysis.Network>(Manifest.Networks.Single().Value.GetRawText());
}

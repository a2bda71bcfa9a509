using MlNetDl.Data;

namespace MlNetDl.Generative;

/// <content>Rows as the model sees them, and how well it makes them again.</content>
public sealed partial class VaeModel
{
    /// <summary>Rows as the model was trained on them, in the units of the features: pixels black or white where its likelihood draws them so.</summary>
    /// <param name="rows">A set.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentException">The values are not of the likelihood's range.</exception>
    public float[] AsTrained(Examples rows, int first, int count) => Observed(rows, first, count, seed: 0).Rows;

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

    /// <summary>The values that are seen of rows, on the scale of the likelihood, and the rows that show just these.</summary>
    internal (float[] Observed, float[] Rows) Observed(Examples rows, int first, int count, int seed)
    {
        var values = new float[count * Width];
        rows.CopyTo(first, count, values);
        if (!Model.Likelihood.IsOfShares)
        {
            return (Scaled(values), values);
        }

        var observed = Scaled(values);
        Model.Likelihood.Observe(observed, Width, seed);
        float peak = scale.StandardDeviation[0];
        return (observed, Array.ConvertAll(observed, v => v * peak));
    }

    private float[] Scaled(float[] values)
    {
        int channel = Width / scale.Mean.Count;
        return [.. values.Select((v, i) => (v - scale.Mean[i % Width / channel]) / scale.StandardDeviation[i % Width / channel])];
    }
}

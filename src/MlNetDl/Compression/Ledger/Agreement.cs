namespace MlNetDl.Compression;

/// <summary>How often a model predicts the same class as another one, and which of them is right where they differ. Where a row may have several labels,
/// its class is the set of them.</summary>
/// <param name="With">The name of the other model.</param>
/// <param name="Rows">Rows that both predicted for.</param>
/// <param name="Same">Rows with the same class.</param>
/// <param name="Right">Rows on which they differ and this model is right.</param>
/// <param name="OtherRight">Rows on which they differ and the other model is right.</param>
public sealed record Agreement(string With, int Rows, int Same, int Right, int OtherRight)
{
    /// <summary>The share of rows with the same class, 0 to 1.</summary>
    public double Share => Rows == 0 ? 1 : (double)Same / Rows;

    /// <summary>Rows on which they differ and neither is right.</summary>
    public int NeitherRight => Rows - Same - Right - OtherRight;

    /// <summary>Compares predictions.</summary>
    /// <param name="with">The name of the other model.</param>
    /// <param name="model">The classes that this model predicts, by name or number.</param>
    /// <param name="other">Those that the other model predicts, in the same order of rows.</param>
    /// <param name="truth">The true classes.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static Agreement Of(string with, IReadOnlyList<string> model, IReadOnlyList<string> other, IReadOnlyList<string> truth)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(truth);
        if (model.Count != other.Count || model.Count != truth.Count)
        {
            throw new ArgumentException($"There are {model.Count} and {other.Count} predictions for {truth.Count} rows; give one of each model "
                + "for each row.", nameof(other));
        }

        int same = 0, right = 0, otherRight = 0;
        for (int i = 0; i < truth.Count; i++)
        {
            bool agrees = model[i] == other[i];
            same += agrees ? 1 : 0;
            right += !agrees && model[i] == truth[i] ? 1 : 0;
            otherRight += !agrees && other[i] == truth[i] ? 1 : 0;
        }

        return new(with, truth.Count, same, right, otherRight);
    }
}

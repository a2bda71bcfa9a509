using System.Globalization;
using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>Rows of people's data through a <see cref="CodeModel"/>.</summary>
internal static class CodeRows
{
    /// <summary>Means of the codes of rows, and logarithms of their variances; the model is given rows as it was trained on them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows in the units of the features.</param>
    /// <param name="classes">The index of each row's class; <see langword="null"/> where the model is told none.</param>
    /// <exception cref="InvalidDataException">A row has another width, or values that the model cannot have seen.</exception>
    public static (float[] Means, float[] LogVariances) Encode(this CodeModel model, IEnumerable<float[]> rows, IReadOnlyList<int>? classes)
    {
        var all = new List<float>();
        foreach (var row in rows)
        {
            all.AddRange(model.Checked(row));
        }

        return model.Encode(model.AsTrained([.. all]), classes);
    }

    /// <summary>How much each value of codes says; by variances where the prior is another one for each class.</summary>
    public static CodeActivity Activity(this CodeModel model, float[] means, float[] logVariances) =>
        CodeActivity.Of(means, model is VaeModel { Spec.Prior: LearnedNormal } ? [] : logVariances, model.Latent);

    /// <summary>Refuses a class for a model that is told none, or one that it does not know.</summary>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void MayBeTold(this CodeModel model, string? condition)
    {
        if (condition is not null)
        {
            model.ClassesOf(1, condition);
        }
    }

    /// <summary>Classes by their names, as the model is told them; <see langword="null"/> where it is told none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="names">The class of each row.</param>
    /// <exception cref="InvalidDataException">There are none, or one that the model does not know.</exception>
    public static int[]? Told(this CodeModel model, IEnumerable<string>? names)
    {
        if (model.ClassNames.Count == 0)
        {
            return null;
        }

        var known = model.ClassNames.ToList();
        return [.. (names ?? throw new InvalidDataException("The model is told the class of each row, but none is known here; name one by --condition, "
            + $"of: {string.Join(", ", known)}."))
            .Select(name => known.IndexOf(name) is >= 0 and var index ? index : throw new InvalidDataException(
                $"The class '{name}' is not known to the model; it knows: {string.Join(", ", known)}."))];
    }

    /// <summary>A row that the model can have seen.</summary>
    /// <exception cref="InvalidDataException">It has another width, or values out of range.</exception>
    public static float[] Checked(this CodeModel model, float[] row) =>
        row.Length != model.Width
            ? throw new InvalidDataException($"The model takes rows of {model.Width} values, but the data has rows of {row.Length}.")
        : model.Model?.Likelihood is Bernoulli && Array.FindIndex(row, v => !(v >= 0 && (float)(v / model.Peak) <= Bernoulli.Greatest)) is >= 0 and var at
            ? throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model takes values from 0 to {model.Peak}, but the data has the value {row[at]}; give data on the scale of the training data."))
        : row;
}

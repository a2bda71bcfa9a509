using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>The threshold of a fitted model of yes or no.</summary>
internal static class BinaryThreshold
{
    /// <summary>The model with another threshold.</summary>
    /// <param name="package">The model.</param>
    /// <param name="threshold">The probability above which yes is predicted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not above 0 and below 1.</exception>
    /// <exception cref="NotSupportedException">The model is not of yes or no.</exception>
    public static ModelPackage Change(ModelPackage package, double threshold)
    {
        if (!(threshold > 0 && threshold < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, "The threshold is the probability above which yes is predicted; expected above 0 and below 1.");
        }

        return package.Manifest.Task is BinaryClassification binary
            ? package.With(package.Manifest with { Task = binary with { Threshold = threshold } })
            : throw new NotSupportedException("Only a model of yes or no (BinaryClassification) has a threshold, but this one is of "
                + $"{package.Manifest.Task?.GetType().Name ?? "no task"}.");
    }

    /// <summary>The task of a training: one that goes on from a model keeps the model's threshold, unless one other than 0.5 is asked for.</summary>
    /// <param name="task">The task that is asked for.</param>
    /// <param name="previous">The model to go on from, or <see langword="null"/>.</param>
    public static LearningTask? Kept(LearningTask? task, ModelPackage? previous) =>
        task is BinaryClassification own && own == new BinaryClassification() && previous?.Manifest.Task is BinaryClassification kept ? kept : task;
}

using System.Globalization;
using System.Numerics;

namespace MlNetDl.Training;

/// <summary>How long a training is, and how large its batches are, where nobody says: both follow from how many examples there are.</summary>
/// <remarks>A network learns by steps, not by passes over the data: ten passes over 120 rows in batches of 128 are ten steps, after which it knows
/// nothing. With few examples batches are small and passes are many, so that there are about <see cref="Steps"/> steps; with many examples all is as
/// usual.</remarks>
public static class TrainingLength
{
    /// <summary>Steps that a training has at least, as far as <see cref="MostEpochs"/> allow it: 1,000.</summary>
    public const int Steps = 1000;

    /// <summary>The fewest passes over the data: 10, however many steps these are.</summary>
    public const int FewestEpochs = 10;

    /// <summary>The most passes over the data: 200, beyond which the smallest sets are only learnt by heart.</summary>
    public const int MostEpochs = 200;

    // Gradients of fewer examples are mostly noise; of more they keep a CPU busy on small networks.
    private const int SmallestBatch = 16, LargestBatch = 128, BatchesOfEpoch = 20;

    /// <summary>Examples a step: the power of two that makes about 20 steps an epoch, from 16 to 128.</summary>
    /// <param name="examples">Examples to train on.</param>
    public static int BatchSize(long examples) =>
        (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(examples / BatchesOfEpoch / 2 + 1, SmallestBatch, LargestBatch));

    /// <summary>Passes over the data, 10 to 200.</summary>
    /// <param name="stepsOfEpoch">Steps of one pass, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no step.</exception>
    public static int Epochs(int stepsOfEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsOfEpoch, 1);
        return Math.Clamp((Steps + stepsOfEpoch - 1) / stepsOfEpoch, FewestEpochs, MostEpochs);
    }

    /// <summary>Options in which the size of batches is set.</summary>
    internal static TrainingOptions WithBatches(TrainingOptions options, long examples) =>
        options.BatchSize is null ? options with { BatchSize = BatchSize(examples) } : options;

    /// <summary>Options in which the epochs are set, too.</summary>
    internal static TrainingOptions WithEpochs(TrainingOptions options, int stepsOfEpoch) =>
        options.Epochs is null ? options with { Epochs = Epochs(Math.Max(1, stepsOfEpoch)) } : options;

    /// <summary>What was chosen, in words; <see langword="null"/> where all was set.</summary>
    internal static string? Said(TrainingOptions asked, TrainingOptions chosen, long examples)
    {
        var parts = new List<string>();
        if (asked.BatchSize is null)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"batches of {chosen.BatchSize} (training.batchSize)"));
        }

        if (asked.Epochs is null)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{chosen.Epochs} epochs (training.epochs)"));
        }

        return parts.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"Chosen by the data's size, {examples:N0} examples: {string.Join(" and ", parts)}.");
    }
}

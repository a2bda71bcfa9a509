using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Lets training rows pass through the float network while its values are watched.</summary>
internal static class CalibrationRows
{
    /// <summary>What was seen of each value.</summary>
    /// <param name="context">The model and the data.</param>
    /// <param name="map">Which values are watched.</param>
    /// <param name="rows">How many rows.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static IReadOnlyDictionary<string, ValueHistogram> Histograms(StageContext context, QuantizedMap map, int rows)
    {
        using var network = new TorchNetwork(context.Model.Networks.Values.Single(), TorchSession.Device(context.Options.Device));
        network.LoadWeights(context.Model.Weights.Values.Single());
        network.SetTraining(false);
        var watch = new RangeWatch(map);
        network.Hook = watch;
        // First the extremes, then the values between them.
        foreach (bool counts in new[] { false, true })
        {
            watch.Counts = counts;
            foreach (var batch in Of(context, rows))
            {
                using var none = no_grad();
                network.Forward(batch.Inputs);
            }
        }

        return watch.Histograms.Values.All(h => h.Batches.Count == 0)
            ? throw new ArgumentException("int8 needs rows to measure the ranges of values on, but the training data has none.")
            : watch.Histograms;
    }

    /// <summary>The inputs of exactly so many rows, or of all where there are fewer, batch by batch. They are freed when the next ones
    /// are asked for.</summary>
    public static IEnumerable<CalibrationBatch> Of(StageContext context, int rows)
    {
        int seen = 0;
        using var batches = context.Data.Epoch(0).GetEnumerator();
        while (seen < rows)
        {
            context.Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
            {
                yield break;
            }

            int taken = Math.Min(batches.Current.Count, rows - seen);
            seen += taken;
            yield return new([.. batches.Current.Inputs.Select(x => x.narrow(0, 0, taken))]);
        }
    }
}

/// <summary>The inputs of some rows.</summary>
/// <param name="Inputs">A tensor an input.</param>
/// <remarks>A class: hosts that only score load all types, and an iterator over lists of tensors would load torch.</remarks>
internal sealed record CalibrationBatch(IReadOnlyList<Tensor> Inputs);

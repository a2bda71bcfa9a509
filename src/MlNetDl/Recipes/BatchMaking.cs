using System.IO.Hashing;
using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Makes the batches of a part of the data by the training's options: shuffled and augmented for training, in
/// order for validation.</summary>
internal static class BatchMaking
{
    /// <summary>Batches of a set in memory.</summary>
    public static MakeBatches InMemory(Examples examples, TrainingOptions options, bool shuffle) => (scale, device) =>
    {
        var scaled = scale.IsNone ? examples : Standardized(examples, scale);
        return new TensorBatches(
            scaled,
            options.SetBatchSize,
            shuffle ? options.SeedOrDefault : null,
            device,
            shuffle ? Augment(options) : null);
    };

    /// <summary>Batches of what a store keeps.</summary>
    public static MakeBatches Of(ExampleStore store, TrainingOptions options, bool shuffle)
    {
        var (examples, sparse) = (store.Examples, store.Sparse);
        var make = InMemory(examples, options, shuffle);
        return sparse is null ? make : (scale, device) => new SparseBatches(sparse, (TensorBatches)make(scale, device)!, device);
    }

    private static Examples Standardized(Examples examples, TargetScale scale) => examples with
    {
        Targets = examples.Targets is float[] values ? scale.Standardize(values) : examples.Targets,
        NamedTargets = [.. examples.NamedTargets
            .Select(t => t.Name == Batch.DefaultTarget && t.Values is float[] floats ? t with { Values = scale.Standardize(floats) } : t)],
    };

    /// <summary>Batches of rows that are read anew every epoch.</summary>
    public static MakeBatches Streaming(RowSource rows, TrainingOptions options, bool shuffle) => (scale, device) =>
    {
        var source = scale.IsNone ? rows : new StandardizedRows(rows, scale);
        int buffer = shuffle ? BufferRows(options, Numbers(rows)) : 1;
        return new StreamingBatches(source, options.SetBatchSize, buffer, options.SeedOrDefault, device, shuffle ? Augment(options) : null);
    };

    // Ten thousand photographs are six gigabytes. So the buffer keeps to half of the budget, or to 32 MB where that is
    // more. It is one array, whose length is limited whatever the budget.
    public static int BufferRows(TrainingOptions options, long numbers)
    {
        long bytes = Math.Max(32L << 20, options.MemoryBudgetMB * (1L << 19));
        return (int)Math.Min(
            Math.Min(options.ShuffleBuffer, Array.MaxLength / numbers),
            Math.Max(options.SetBatchSize, bytes / (numbers * sizeof(float))));
    }

    /// <summary>Numbers of a row: features and targets.</summary>
    public static long Numbers(RowSource rows) => rows.Shape.ElementsPerExample() + rows.Targets.Width();

    /// <summary>The digest of the data that a checkpoint belongs to.</summary>
    public static string Digest(RowDigest training, RowDigest validation, ValueList<string> classNames) =>
        $"{training} {validation} {Convert.ToHexStringLower(XxHash128.Hash(JsonSerializer.SerializeToUtf8Bytes(classNames.ToArray())))}";

    private static Func<Batch, Random, Batch>? Augment(TrainingOptions options) =>
        options.Augmentations.Count == 0 ? null : (batch, random) => options.Augmentations.Aggregate(
            batch, (b, a) => ComponentException.Told(a, nameof(a.Apply), () => a.Apply(b, random)));

    private sealed class StandardizedRows(RowSource rows, TargetScale scale) : RowsOf(rows)
    {
        public override IEnumerable<Row> Read()
        {
            var range = Targets.RangeOf(Batch.DefaultTarget)!.Value;
            var targets = new float[Targets.Width()];
            foreach (var row in Rows.Read())
            {
                row.Targets.CopyTo(targets);
                scale.Standardize(targets.AsSpan(range)).CopyTo(targets.AsSpan(range));
                yield return row with { Targets = targets };
            }
        }
    }
}

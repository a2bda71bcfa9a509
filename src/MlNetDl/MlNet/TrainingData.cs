using System.IO.Hashing;
using System.Text.Json;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.MlNet;

/// <summary>Data ready to train on: in memory where it fits the budget, else read anew every epoch.</summary>
internal sealed class TrainingData
{
    private readonly Func<Target, IBatches?> training;
    private readonly Func<Target, IBatches?> validation;

    private TrainingData(Shape shape, PredictionTask task, int outputs, ValueList<string> classNames, DataSummary summary,
        Func<Target, IBatches?> training, Func<Target, IBatches?> validation)
    {
        (Shape, Task, Outputs, ClassNames, Summary) = (shape, task, outputs, classNames, summary);
        (this.training, this.validation) = (training, validation);
        if (summary.Count == 0)
        {
            throw new InvalidOperationException("The training data is empty: no row has a label, features and a weight above 0.");
        }

        if (task != PredictionTask.Regression && summary.Classes < 2)
        {
            throw new InvalidOperationException("All training rows have the same label; a classifier needs at least two classes.");
        }
    }

    public Shape Shape { get; }

    public PredictionTask Task { get; }

    public int Outputs { get; }

    public ValueList<string> ClassNames { get; }

    public DataSummary Summary { get; }

    public ImageInput? Image { get; init; }

    public bool IsNormalized { get; init; }

    public bool Streams { get; init; }

    /// <summary>Rows of the shuffle buffer, for data that is streamed.</summary>
    public int ShuffleBuffer { get; init; }

    public long Skipped { get; init; }

    public ClassValueType ClassValues { get; init; }

    public bool VectorLabel { get; init; }

    /// <summary>Digest of the training rows, of those for validation, and of the class names: what a checkpoint belongs to.</summary>
    public required string Digest { get; init; }

    /// <summary>How target values are standardised, and where batches are made.</summary>
    public sealed record Target(ValueList<float> Mean, ValueList<float> StandardDeviation, torch.Device Device);

    public IBatches Training(Target target) => training(target)!;

    /// <summary>The validation part; <see langword="null"/> where there is none.</summary>
    public IBatches? Validation(Target target) => validation(target);

    /// <summary>From a set in memory.</summary>
    public static TrainingData Of(Examples examples, Examples? validation, PredictionTask task, TrainingOptions options, ImageInput? image = null)
    {
        if (task != PredictionTask.Multiclass && examples.Targets is long[])
        {
            throw new ArgumentException($"{task} needs float targets, but the examples hold class indices.");
        }

        (examples, validation) = (Weighed(examples), validation is null ? null : Weighed(validation));
        var (train, held) = validation is null && options.ValidationFraction > 0 ? Split(examples, task, options) : (examples, validation);
        var summary = new DataSummary(train.Shape, train.Targets is long[] ? 0 : train.TargetWidth, task != PredictionTask.Regression);
        RowDigest trainDigest = new(), heldDigest = new();
        foreach (var row in Rows(train))
        {
            summary.Add(row);
            trainDigest.Add(row);
        }

        foreach (var row in held is null ? [] : Rows(held))
        {
            heldDigest.Add(row);
        }

        return new(train.Shape, task, task == PredictionTask.Multiclass ? train.ClassNames.Count : train.TargetWidth, train.ClassNames, summary,
            target => InMemory(train, target, options, shuffle: true), target => held is not { Count: > 0 } ? null : InMemory(held, target, options, shuffle: false))
        {
            Image = image, Digest = Together(trainDigest, heldDigest, train.ClassNames),
        };
    }

    /// <summary>From rows: one pass to look at them, which counts them and keeps them when they fit into memory.</summary>
    public static TrainingData Of(DataViewRows rows, DataViewRows? validation, PredictionTask task, TrainingOptions options, CancellationToken stop = default)
    {
        if (validation is not null && (validation.Shape != rows.Shape || validation.Label != rows.Label))
        {
            throw new ArgumentException($"The validation data does not suit the training data: features {validation.Shape} and classes {validation.Label.ClassNames} there, {rows.Shape} and {rows.Label.ClassNames} here. " +
                "Transform both with the same fitted pipeline.");
        }

        long budget = options.MemoryBudgetMB * (1L << 20);
        double fraction = validation is null ? options.ValidationFraction : 0;
        var summary = new DataSummary(rows.Shape, rows.TargetWidth, task != PredictionTask.Regression);
        ExampleStore train = new(rows), held = new(validation ?? rows);
        RowDigest trainDigest = new(), heldDigest = new();
        var holdOut = new HoldOut(fraction, options.SeedOrDefault);
        foreach (var row in rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (holdOut.Next(HeldOutRows.Stratum(row, task)))
            {
                heldDigest.Add(row);
                held.Add(row);
            }
            else
            {
                summary.Add(row);
                trainDigest.Add(row);
                train.Add(row);
            }

            // The training part goes first: it is the larger one.
            if (train.Bytes + held.Bytes > budget)
            {
                train.Drop();
            }

            KeepWithin(budget, train, held);
        }

        foreach (var row in validation?.Read() ?? [])
        {
            stop.ThrowIfCancellationRequested();
            heldDigest.Add(row);
            held.Add(row);
            KeepWithin(budget, train, held);
        }

        return new(rows.Shape, task, rows.Label.Outputs, rows.Label.ClassNames, summary,
            Part(train, fraction == 0 ? rows : new HeldOutRows(rows, task, fraction, options.SeedOrDefault, held: false, train.Count), options, shuffle: true),
            Part(held, validation ?? (RowSource)new HeldOutRows(rows, task, fraction, options.SeedOrDefault, held: true, held.Count), options, shuffle: false))
        {
            Image = rows.Image, IsNormalized = rows.IsNormalized, Skipped = rows.Skipped + (validation?.Skipped ?? 0), Streams = train.IsDropped, ShuffleBuffer = BufferRows(options, rows.Shape),
            ClassValues = rows.Label.Values, VectorLabel = rows.Label.IsVector, Digest = Together(trainDigest, heldDigest, rows.Label.ClassNames),
        };
    }

    // Examples of weight 0 are left out, as rows are.
    private static Examples Weighed(Examples examples)
    {
        if (examples.Weights is not { } weights)
        {
            return examples;
        }

        if (weights.Length != examples.Count)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {examples.Count} examples; give one for each.");
        }

        int bad = Array.FindIndex(weights, w => !float.IsFinite(w) || w < 0);
        return bad >= 0 ? throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The weight of example {bad} is {weights[bad]}; expected a finite number, 0 or more."))
            : examples.Where(i => weights[i] > 0);
    }

    private static (Examples, Examples) Split(Examples examples, PredictionTask task, TrainingOptions options) =>
        examples.Split(options.ValidationFraction, options.SeedOrDefault, i => examples.Targets is long[] classes ? classes[i] : task == PredictionTask.Binary ? (long)((float[])examples.Targets!)[i] : 0);

    // What is held out stays in memory beside the training part, or, where that is streamed, leaves half of the budget to its shuffle buffer.
    private static void KeepWithin(long budget, ExampleStore train, ExampleStore held)
    {
        if (train.IsDropped ? held.Bytes > budget / 2 : train.Bytes + held.Bytes > budget)
        {
            held.Drop();
        }
    }

    private static Func<Target, IBatches?> Part(ExampleStore store, RowSource stream, TrainingOptions options, bool shuffle)
    {
        if (store.Count == 0)
        {
            return _ => null;
        }

        if (store.IsDropped)
        {
            return target => Streaming(stream, target, options, shuffle);
        }

        var examples = store.Examples;
        return target => InMemory(examples, target, options, shuffle);
    }

    // Ten thousand photographs are six gigabytes: the buffer, too, keeps to its half of the budget, or to 32 MB where that is less. It is one array, whose length has an end whatever the budget.
    internal static int BufferRows(TrainingOptions options, Shape shape)
    {
        long bytes = Math.Max(32L << 20, options.MemoryBudgetMB * (1L << 19)), elements = shape.ElementsPerExample();
        return (int)Math.Min(Math.Min(options.ShuffleBuffer, Array.MaxLength / elements), Math.Max(options.BatchSize, bytes / (elements * sizeof(float))));
    }

    private static IEnumerable<Row> Rows(Examples examples)
    {
        var features = new float[checked((int)examples.Shape.ElementsPerExample())];
        for (int i = 0; i < examples.Count; i++)
        {
            examples.CopyTo(i, 1, features);
            float weight = examples.Weights?[i] ?? 1;
            yield return examples.Targets is long[] classes ? new(features, classes[i], default, weight)
                : new(features, -1, ((float[])examples.Targets!).AsMemory(i * examples.TargetWidth, examples.TargetWidth), weight);
        }
    }

    private static string Together(RowDigest training, RowDigest validation, ValueList<string> classNames) =>
        $"{training} {validation} {Convert.ToHexStringLower(XxHash128.Hash(JsonSerializer.SerializeToUtf8Bytes(classNames.ToArray())))}";

    private static TensorBatches InMemory(Examples examples, Target target, TrainingOptions options, bool shuffle)
    {
        if (examples.Targets is float[] values && target.Mean.Count > 0)
        {
            examples = examples with { Targets = Standardized(values, target) };
        }

        return new(examples, options.BatchSize, shuffle ? options.SeedOrDefault : null, target.Device, shuffle ? Augment(options) : null);
    }

    private static StreamingBatches Streaming(RowSource rows, Target target, TrainingOptions options, bool shuffle)
    {
        var source = target.Mean.Count > 0 ? new StandardizedRows(rows, values => Standardized(values, target)) : rows;
        return new(source, options.BatchSize, shuffle ? BufferRows(options, rows.Shape) : 1, options.SeedOrDefault, target.Device, shuffle ? Augment(options) : null);
    }

    private static float[] Standardized(ReadOnlySpan<float> values, Target target)
    {
        var result = new float[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int k = i % target.Mean.Count;
            result[i] = (values[i] - target.Mean[k]) / target.StandardDeviation[k];
        }

        return result;
    }

    private static Func<Batch, Random, Batch>? Augment(TrainingOptions options) =>
        options.Augmentations.Count == 0 ? null : (batch, random) => options.Augmentations.Aggregate(batch, (b, a) => a.Apply(b, random));

    private sealed class StandardizedRows(RowSource rows, Func<float[], float[]> change) : RowSource
    {
        public override Shape Shape => rows.Shape;

        public override long Count => rows.Count;

        public override int TargetWidth => rows.TargetWidth;

        public override bool Weighted => rows.Weighted;

        public override IEnumerable<Row> Read() => rows.Read().Select(row => row with { Values = change(row.Values.ToArray()) });
    }
}

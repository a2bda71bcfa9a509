using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.MlNet;

/// <summary>Data ready to train on: in memory where it fits the budget, else read anew every epoch.</summary>
internal sealed class TrainingData
{
    private readonly Func<Target, (IBatches Batches, bool Any)> training;
    private readonly Func<Target, (IBatches Batches, bool Any)> validation;

    private TrainingData(Shape shape, PredictionTask task, int outputs, ValueList<string> classNames, DataSummary summary,
        Func<Target, (IBatches, bool)> training, Func<Target, (IBatches, bool)> validation)
    {
        (Shape, Task, Outputs, ClassNames, Summary) = (shape, task, outputs, classNames, summary);
        (this.training, this.validation) = (training, validation);
        if (summary.Count == 0)
        {
            throw new InvalidOperationException("The training data is empty: no row has a label and features.");
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

    public long Skipped { get; init; }

    /// <summary>How target values are standardised, and where batches are made.</summary>
    public sealed record Target(ValueList<float> Mean, ValueList<float> StandardDeviation, torch.Device Device);

    public IBatches Training(Target target) => training(target).Batches;

    public IBatches? Validation(Target target) => validation(target) is { Any: true } v ? v.Batches : null;

    /// <summary>From a set in memory.</summary>
    public static TrainingData Of(Examples examples, Examples? validation, PredictionTask task, TrainingOptions options, ImageInput? image = null)
    {
        if (task != PredictionTask.Multiclass && examples.Targets is long[])
        {
            throw new ArgumentException($"{task} needs float targets, but the examples hold class indices.");
        }

        var (train, held) = validation is null && options.ValidationFraction > 0 ? examples.Split(options.ValidationFraction, options.Seed) : (examples, validation);
        var summary = new DataSummary(train.Shape, train.Targets is long[] ? 0 : train.TargetWidth);
        int width = checked((int)train.Shape.ElementsPerExample());
        var row = new float[width];
        for (int i = 0; i < train.Count; i++)
        {
            train.CopyTo(i, 1, row);
            summary.Add(row, train.Targets is long[] classes ? classes[i] : 0, Values(train, i));
        }

        return new(train.Shape, task, task == PredictionTask.Multiclass ? train.ClassNames.Count : train.TargetWidth, train.ClassNames, summary,
            target => InMemory(train, target, options, shuffle: true), target => held is null ? (null!, false) : InMemory(held, target, options, shuffle: false)) { Image = image };
    }

    /// <summary>From rows: one pass to look at them, which keeps them when they fit into memory.</summary>
    public static TrainingData Of(DataViewRows rows, DataViewRows? validation, PredictionTask task, TrainingOptions options)
    {
        if (validation is not null && (validation.Shape != rows.Shape || validation.Label != rows.Label))
        {
            throw new ArgumentException($"The validation data does not suit the training data: features {validation.Shape} and classes {validation.Label.ClassNames} there, {rows.Shape} and {rows.Label.ClassNames} here. " +
                "Transform both with the same fitted pipeline.");
        }

        int width = checked((int)rows.Shape.ElementsPerExample());
        long budget = options.MemoryBudgetMB * (1L << 20);
        var summary = new DataSummary(rows.Shape, rows.TargetWidth);
        var store = new ExampleStore(rows, budget);
        var holdOut = new HoldOut(validation is null ? options.ValidationFraction : 0, options.Seed);
        foreach (var row in rows.Read())
        {
            if (!holdOut.Next(HeldOutRows.Stratum(row, task)))
            {
                summary.Add(row.Features.Span, row.Class, row.Values.Span);
            }

            store.Add(row);
        }

        if (store.Examples is { } examples)
        {
            var held = validation is null ? null : ExampleStore.All(validation);
            var data = Of(examples, held, task, options);
            return new(rows.Shape, task, rows.Label.Outputs, rows.Label.ClassNames, data.Summary, data.training, data.validation)
            {
                Image = rows.Image, IsNormalized = rows.IsNormalized, Skipped = rows.Skipped,
            };
        }

        double fraction = validation is null ? options.ValidationFraction : 0;
        var validationRows = validation ?? (RowSource)new HeldOutRows(rows, task, fraction, options.Seed, held: true);
        if (validation is not null)
        {
            foreach (var _ in validation.Read())
            {
                // Counts the rows.
            }
        }

        return new(rows.Shape, task, rows.Label.Outputs, rows.Label.ClassNames, summary,
            target => Streaming(new HeldOutRows(rows, task, fraction, options.Seed, held: false), target, options, shuffle: true),
            target => Streaming(validationRows, target, options, shuffle: false))
        {
            Image = rows.Image, IsNormalized = rows.IsNormalized, Skipped = rows.Skipped, Streams = true,
        };
    }

    private static ReadOnlySpan<float> Values(Examples examples, int row) =>
        examples.Targets is float[] values ? values.AsSpan(row * examples.TargetWidth, examples.TargetWidth) : default;

    private static (IBatches, bool) InMemory(Examples examples, Target target, TrainingOptions options, bool shuffle)
    {
        if (examples.Targets is float[] values && target.Mean.Count > 0)
        {
            examples = examples with { Targets = Standardized(values, target) };
        }

        return (new TensorBatches(examples, options.BatchSize, shuffle ? options.Seed : null, target.Device, shuffle ? Augment(options) : null), examples.Count > 0);
    }

    private static (IBatches, bool) Streaming(RowSource rows, Target target, TrainingOptions options, bool shuffle)
    {
        var source = target.Mean.Count > 0 ? new StandardizedRows(rows, values => Standardized(values, target)) : rows;
        return (new StreamingBatches(source, options.BatchSize, shuffle ? options.ShuffleBuffer : 1, options.Seed, target.Device, shuffle ? Augment(options) : null), rows.Count > 0);
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

    private static Func<torch.Tensor, Random, torch.Tensor>? Augment(TrainingOptions options) =>
        options.Augmentations.Count == 0 ? null : (images, random) => options.Augmentations.Aggregate(images, (x, a) => a.Apply(x, random));

    private sealed class StandardizedRows(RowSource rows, Func<float[], float[]> change) : RowSource
    {
        public override Shape Shape => rows.Shape;

        public override long Count => rows.Count;

        public override int TargetWidth => rows.TargetWidth;

        public override bool Weighted => rows.Weighted;

        public override IEnumerable<Row> Read() => rows.Read().Select(row => row with { Values = change(row.Values.ToArray()) });
    }
}

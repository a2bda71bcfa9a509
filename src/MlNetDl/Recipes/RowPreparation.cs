using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Prepares rows. One pass checks them, counts them, and keeps them if they fit into memory.</summary>
internal sealed class RowPreparation(LearningTask? task, LabelForm? form, TrainingOptions options, CancellationToken stop)
{
    private readonly long budget = options.MemoryBudgetMB * (1L << 20);

    /// <summary>Prepares training rows and validation rows. Without validation rows a part is held out.</summary>
    /// <exception cref="ArgumentException">The validation rows are of another form.</exception>
    /// <exception cref="InvalidOperationException">There is no usable row, or one class only.</exception>
    public PreparedData Prepare(LabelledRows rows, LabelledRows? validation)
    {
        if (validation is not null && (validation.Shape != rows.Shape || validation.Parts != rows.Parts || validation.Label != rows.Label))
        {
            throw new ArgumentException($"The validation data does not suit the training data: features {validation.Shape} and classes "
                + $"{validation.Label.ClassNames} there, {rows.Shape} and {rows.Label.ClassNames} here. " +
                "Transform both with the same fitted pipeline.");
        }

        var split = new HeldOutSplit(form, validation is null ? options.ValidationFraction : 0, options.SeedOrDefault);
        var read = Read(rows, validation, split);
        while (split.MustRepeat(read.HoldOut))
        {
            read = Read(rows, validation, split);
        }

        foreach (var row in validation?.Read() ?? [])
        {
            stop.ThrowIfCancellationRequested();
            split.Validates(row);
            read.Summary.Look(row);
            read.HeldDigest.Add(row);
            read.Held.Add(row);
            KeepWithin(read);
        }

        var chosen = TrainingLength.WithBatches(options, read.Train.Count);
        var kept = read.Train.IsDropped || read.Train.Count == 0 || read.Train.Sparse is not null ? null : read.Train.Examples;
        return new PreparedData
        {
            Options = chosen,
            InMemory = rows.Parts.Count == 0 ? kept : null,
            HasValidation = read.Held.Count > 0,
            Shape = rows.Shape,
            Task = task,
            Form = form,
            Label = rows.Label,
            Summary = read.Summary,
            Digest = BatchMaking.Digest(read.TrainDigest, read.HeldDigest, rows.Label.ClassNames),
            Training = FeaturePart.Split(
                kept is not null
                    ? BatchMaking.InMemory(kept, chosen, shuffle: true)
                    : Part(read.Train, split.IsNone ? rows : new HeldOutRows(rows, split, held: false, read.Train.Count), chosen, shuffle: true),
                rows.Parts),
            Validation = FeaturePart.Split(
                Part(read.Held, validation ?? (RowSource)new HeldOutRows(rows, split, held: true, read.Held.Count), chosen, shuffle: false),
                rows.Parts),
            Parts = rows.Parts,
            Image = rows.Image,
            Tokens = rows.Tokens,
            FeatureNames = rows.FeatureNames,
            IsNormalized = rows.IsNormalized,
            Streams = read.Train.IsDropped,
            Notes = [.. Notes(rows, rows.Skipped + (validation?.Skipped ?? 0), rows.Cut + (validation?.Cut ?? 0), read, split, chosen)],
        }.Checked();
    }

    private Pass Read(LabelledRows rows, LabelledRows? validation, HeldOutSplit split)
    {
        var pass = new Pass(rows, validation ?? rows, split.Start(), form);
        foreach (var row in rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (pass.HoldOut.Next(split.Stratum(row)))
            {
                split.Validates(row);
                pass.Summary.Look(row);
                pass.HeldDigest.Add(row);
                pass.Held.Add(row);
            }
            else
            {
                pass.Summary.Add(row);
                pass.TrainDigest.Add(row);
                pass.Train.Add(row);
            }

            // The training part leaves memory first, because it is larger.
            if (pass.Train.Bytes + pass.Held.Bytes > budget)
            {
                pass.Train.Drop();
            }

            KeepWithin(pass);
        }

        return pass;
    }

    // Held-out rows stay in memory beside the training part. If that is streamed, they leave half of the budget to its
    // shuffle buffer.
    private void KeepWithin(Pass pass)
    {
        if (pass.Train.IsDropped ? pass.Held.Bytes > budget / 2 : pass.Train.Bytes + pass.Held.Bytes > budget)
        {
            pass.Held.Drop();
        }
    }

    private static MakeBatches Part(ExampleStore store, RowSource stream, TrainingOptions options, bool shuffle) =>
        store.Count == 0 ? (_, _) => null
        : store.IsDropped ? BatchMaking.Streaming(new SteadyRows(stream, store.Count), options, shuffle)
        : BatchMaking.Of(store, options, shuffle);

    private static string Places(LabelledRows rows) => rows.Parts.Count == 0
        ? $"{rows.Shape.Size(1)}"
        : string.Join(" or ", rows.Parts.Where(p => p.Shape.Type == ElementType.Int64).Select(p => p.Shape.Size(1)));

    private IEnumerable<string> Notes(LabelledRows rows, long skipped, long cut, Pass read, HeldOutSplit split, TrainingOptions chosen)
    {
        if (skipped > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"warning: {skipped:N0} "
                + $"row{(skipped == 1 ? " was left out because its" : "s were left out because their")} label or a feature is missing.");
        }

        if (cut > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"warning: {cut:N0} row{(cut == 1 ? " was" : "s were")} cut to the first {Places(rows)} tokens; "
                    + $"give a longer InputShape to read all of them.");
        }

        foreach (var note in split.Notes(rows.Label, read.Summary))
        {
            yield return note;
        }

        int buffer = BatchMaking.BufferRows(chosen, BatchMaking.Numbers(rows));
        if (read.Train.IsDropped && buffer < options.ShuffleBuffer)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The shuffle buffer holds {buffer:N0} rows instead of {options.ShuffleBuffer:N0}, so that it keeps to its part of the "
                    + $"memory budget of {options.MemoryBudgetMB} MB.");
        }
    }

    /// <summary>The result of one pass over the training rows.</summary>
    private sealed class Pass(LabelledRows rows, LabelledRows heldRows, HoldOut holdOut, LabelForm? form)
    {
        public HoldOut HoldOut => holdOut;

        public ExampleStore Train { get; } = new(rows);

        public ExampleStore Held { get; } = new(heldRows);

        public DataSummary Summary { get; } = new(rows.Shape, rows.Targets, form, rows.Parts);

        public RowDigest TrainDigest { get; } = new();

        public RowDigest HeldDigest { get; } = new();
    }
}

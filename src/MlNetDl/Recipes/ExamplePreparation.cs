using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Prepares sets in memory.</summary>
internal static class ExamplePreparation
{
    /// <summary>Prepares a training set and a validation set. Without a validation set a part is held out.</summary>
    /// <exception cref="ArgumentException">Features, targets or weights do not suit each other or the task.</exception>
    public static PreparedData Of(
        Examples examples, Examples? validation, LearningTask? task, LabelForm? form, TrainingOptions options, ImageInput? image = null)
    {
        (examples, var label) = examples.Checked(form);
        if (validation is not null)
        {
            (validation, var other) = validation.Checked(form);
            validation.CheckSuits(other, examples, label);
        }

        (examples, validation) = (Weighed(examples), validation is null ? null : Weighed(validation));
        var split = new HeldOutSplit(form, validation is null ? options.ValidationFraction : 0, options.SeedOrDefault);
        var order = form?.Targets(label);
        var (train, held) = split.IsNone ? (examples, validation) : split.Split(examples, new(examples, order));
        var summary = new DataSummary(train.Shape, new ExampleTargets(train, order).Parts, form);
        RowDigest trainDigest = new(), heldDigest = new();
        foreach (var row in Rows(train, order))
        {
            summary.Add(row);
            trainDigest.Add(row);
        }

        foreach (var row in held is null ? [] : Rows(held, order))
        {
            split.Validates(row);
            summary.Look(row);
            heldDigest.Add(row);
        }

        options = TrainingLength.WithBatches(options, train.Count);
        return new PreparedData
        {
            Options = options,
            InMemory = train,
            HasValidation = held is { Count: > 0 },
            Shape = train.Shape,
            Task = task,
            Form = form,
            Label = label,
            Summary = summary,
            Digest = BatchMaking.Digest(trainDigest, heldDigest, train.ClassNames),
            Training = BatchMaking.InMemory(train, options, shuffle: true),
            Validation = held is { Count: > 0 } ? BatchMaking.InMemory(held, options, shuffle: false) : (_, _) => null,
            Image = image,
            Streams = train.HeldCount < train.Count,
            Notes = [.. split.Notes(label, summary)],
        }.Checked();
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
        if (bad >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight of example {bad} is {weights[bad]}; "
                + $"expected a finite number, 0 or more."));
        }

        return examples.Where(i => weights[i] > 0);
    }

    // All rows share one buffer, so a reader must use a row before the next one.
    private static IEnumerable<Row> Rows(Examples examples, IReadOnlyList<TargetPart>? order)
    {
        var features = new float[checked((int)examples.Shape.ElementsPerExample())];
        var read = new ExampleTargets(examples, order);
        var targets = new float[read.Parts.Width()];
        for (int i = 0; i < examples.Count; i++)
        {
            examples.CopyTo(i, 1, features);
            read.Copy(i, targets);
            yield return new(features, targets, examples.Weights?[i] ?? 1);
        }
    }
}

using System.Globalization;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Labels of images as the task takes them, and whether they suit it: told before an image is decoded.</summary>
internal sealed class ImageLabels
{
    // Fewer images of a class are said.
    private const int FewImages = 5;
    private const int Named = 8;

    private readonly ImagePart train;
    private readonly ValueList<string> names;
    private readonly string? positive;
    private readonly bool areAmounts, learns;
    private readonly ImageLabelSet? set;

    /// <summary>Looks at the labels of all parts.</summary>
    /// <param name="source">What is said of the data.</param>
    /// <param name="task">What is learnt.</param>
    /// <param name="train">The part to train on.</param>
    /// <param name="others">The other parts, with what they are called.</param>
    /// <exception cref="InvalidDataException">They do not suit the task, or each other.</exception>
    public ImageLabels(ImageData source, LearningTask? task, ImagePart train, IReadOnlyList<(string Name, ImagePart Part)> others)
    {
        (this.train, learns) = (train, task is { LearnsFromLabels: true });
        names = [.. train.Classes];
        if (train.Labels is null)
        {
            return;
        }

        if (task is { Label: LabelSet })
        {
            set = new(train, others, source is ImageListData list ? list.Labels : []);
            return;
        }

        if (task is { LearnsFromLabels: true, Label.TextKind: DataKind.Single })
        {
            areAmounts = true;
            others.Select(o => o.Part).Prepend(train).ToList().ForEach(MustBeAmounts);
            return;
        }

        var all = others.SelectMany(o => o.Part.Classes).Union(names).Order(StringComparer.Ordinal).ToList();
        ClassSpelling.Check(train.Place, all);
        if (task is not { LearnsFromLabels: true } && source.Positive is not null)
        {
            // Strange images are often in the test part alone.
            positive = PositiveClass.Of(train.Place, all, source.Positive, Say);
            return;
        }

        foreach (var (name, part) in others)
        {
            MustBeKnown(name, part);
        }

        if (task is { LearnsFromLabels: true, Label: YesNoLabel })
        {
            positive = PositiveClass.Of($"'{train.Place}'", names, source.Positive, Say);
        }
        else if (task is { Label.IsClassIndex: true } && names.Count == 1)
        {
            throw new InvalidDataException($"'{train.Place}' has the class '{names[0]}' alone; a classification needs two classes or more. Put the images of "
                + "each class into a folder of its own, or train a model without labels.");
        }
    }

    /// <summary>The class of each image, by which splits are stratified; the same for all where there are none.</summary>
    public IEnumerable<long> Strata(ImageRows rows) => set is not null ? ImageLabelSet.Strata(rows)
        : rows.Part.Labels is { } labels && !areAmounts ? Indices(labels) : new long[rows.Count];

    /// <summary>The images with their targets.</summary>
    public Examples Labelled(ImageRows rows)
    {
        if (rows.Part.Labels is not { } labels || train.Labels is null)
        {
            return rows.Pixels;
        }

        return set is not null ? set.Labelled(rows)
            : areAmounts ? rows.Pixels with { Targets = labels.Select(Amount).ToArray() }
            : positive is not null ? rows.Pixels with
            {
                Targets = labels.Select(l => l == positive ? 1f : 0f).ToArray(),
                ClassNames = names.Count == 2 ? [names.First(n => n != positive), positive] : [],
            }
            : rows.Pixels with
            {
                Targets = Indices(labels),
                ClassNames = names,
            };
    }

    /// <summary>How many images each class has, in few words; <see langword="null"/> without classes.</summary>
    public string? Counts(ImageRows rows)
    {
        if (train.Labels is null || areAmounts)
        {
            return null;
        }

        if (set is not null)
        {
            return set.Counts(rows);
        }

        var counts = CountsOf(rows);
        string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
        var some = string.Join(", ", counts.Take(Named).Select(c => $"{c.Name} {Number(c.Count)}"));
        var range = $"{Number(counts.Min(c => c.Count))} to {Number(counts.Max(c => c.Count))} images";
        return $"{TableFormat.Counted(counts.Count, "class", "classes")}: {some}"
            + (counts.Count > Named ? $" and {counts.Count - Named} more, of {range}" : "")
            + (positive is null ? "" : $"; positive: '{positive}'");
    }

    /// <summary>Classes of which little or nothing is there.</summary>
    /// <param name="training">The images to train on.</param>
    /// <param name="testing">The images to test with. Of those to validate with, the training tells the same.</param>
    public IEnumerable<string> Warnings(ImageRows training, ImageRows testing)
    {
        if (train.Labels is null || areAmounts)
        {
            yield break;
        }

        if (set is not null)
        {
            foreach (var warning in set.Warnings(training, testing))
            {
                yield return warning;
            }

            yield break;
        }

        int strange = positive is null || learns ? 0 : training.Part.Labels?.Count(l => l == positive) ?? 0;
        if (strange > 0)
        {
            yield return $"{TableFormat.Counted(strange, "image")} of '{positive}' {(strange == 1 ? "is" : "are")} strange, but trained on as if "
                + $"{(strange == 1 ? "it were" : "they were")} normal; put such images into the test part alone.";
        }

        var rare = CountsOf(training).Where(c => c.Count < FewImages).ToList();
        if (rare.Count > 0)
        {
            var some = string.Join(", ", rare.Take(Named).Select(c => $"'{c.Name}' {c.Count}")) + (rare.Count > Named ? ", …" : "");
            yield return $"{TableFormat.Counted(rare.Count, "class has", "classes have")} fewer than {FewImages} images to train on: {some}; nothing can be "
                + "learnt or told of them for sure.";
        }

        var lacking = names.Except(testing.Part.Labels ?? []).ToList();
        if (lacking.Count > 0 && testing.Part.Labels is not null)
        {
            yield return $"the test part has no image of {Some(lacking)}, so its figures say nothing of {(lacking.Count == 1 ? "that class" : "these")}.";
        }
    }

    private static string Say(string name) => $"data.positive: {name}";

    private static string Some(IReadOnlyCollection<string> words) =>
        string.Join(", ", words.Take(Named).Select(n => $"'{n}'")) + (words.Count > Named ? ", …" : "");

    private static float Amount(string label) => float.Parse(label, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void MustBeAmounts(ImagePart part)
    {
        if (part.Labels?.FirstOrDefault(l => !float.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) || !float.IsFinite(n)) is { } word)
        {
            throw new InvalidDataException($"'{part.Place}' has the label '{TableFormat.Shortened(word)}', but a regression needs numbers; for classes write "
                + "task: multiclass.");
        }
    }

    private void MustBeKnown(string name, ImagePart part)
    {
        var unknown = part.Classes.Except(names).ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidDataException($"The {name} part '{part.Place}' has {(unknown.Count == 1 ? "the class" : "the classes")} {Some(unknown)}, of which "
                + $"the part to train on has no image; it has {Some(names)}. Give both parts the same classes.");
        }
    }

    private List<(string Name, int Count)> CountsOf(ImageRows rows)
    {
        var counts = (rows.Part.Labels ?? []).CountBy(l => l).ToDictionary();
        return [.. names.Select(n => (n, counts.GetValueOrDefault(n)))];
    }

    private long[] Indices(IReadOnlyList<string> labels)
    {
        var indices = names.Index().ToDictionary(n => n.Item, n => (long)n.Index);
        return [.. labels.Select(l => indices.GetValueOrDefault(l, names.Count))];
    }
}

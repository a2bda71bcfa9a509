using System.Globalization;
using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>Labels of images that may have several: which there are, and whether they suit.</summary>
internal sealed class ImageLabelSet
{
    /// <summary>What stands between the labels of an image in <see cref="ImagePart.Labels"/>; no label has it.</summary>
    public const char Between = '\n';

    // Sets of labels of fewer images are not kept apart by a split; and labels of fewer are said.
    private const int FewImages = 5;
    private const int Named = 8;

    /// <summary>Looks at the labels of all parts.</summary>
    /// <param name="train">The part to train on.</param>
    /// <param name="others">The other parts, with what they are called.</param>
    /// <param name="columns">The labels that have a column each, which are all there are; empty where one column has the labels of an image.</param>
    /// <exception cref="InvalidDataException">They do not suit, or that is doubtful.</exception>
    public ImageLabelSet(ImagePart train, IReadOnlyList<(string Name, ImagePart Part)> others, ValueList<string> columns)
    {
        Names = columns.Count > 0 ? columns : [.. Of(train).SelectMany(l => l).Distinct().Order(StringComparer.Ordinal)];
        if (columns.Count == 0)
        {
            MustBeLabels(train, others);
        }
    }

    /// <summary>The labels in the order of the target's values.</summary>
    public ValueList<string> Names { get; }

    /// <summary>The set of each image, by which splits are stratified where it is of some images.</summary>
    public static IEnumerable<long> Strata(ImageRows rows)
    {
        var sizes = rows.Part.Labels!.CountBy(s => s).Where(s => s.Value >= FewImages).Select((s, i) => (s.Key, Number: i + 1L))
            .ToDictionary(s => s.Key, s => s.Number);
        return rows.Part.Labels!.Select(s => sizes.GetValueOrDefault(s));
    }

    /// <summary>The images with 1 for each label that they have, and 0 for the others.</summary>
    public Examples Labelled(ImageRows rows)
    {
        var places = Names.Index().ToDictionary(n => n.Item, n => n.Index);
        var targets = new float[rows.Count * Names.Count];
        foreach (var (row, labels) in Of(rows.Part).Index())
        {
            foreach (var label in labels)
            {
                targets[(row * Names.Count) + places[label]] = 1;
            }
        }

        return rows.Pixels with { Targets = targets, TargetWidth = Names.Count, ClassNames = Names };
    }

    /// <summary>How many images have each label, in few words.</summary>
    public string Counts(ImageRows rows)
    {
        var counts = string.Join(", ", CountsOf(rows.Part).Take(Named).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Count:N0}")));
        var (several, without) = (Of(rows.Part).Count(l => l.Length > 1), Of(rows.Part).Count(l => l.Length == 0));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Names.Count:N0} labels, images with each: {counts}{(Names.Count > Named ? ", …" : "")}; {several:N0} have several, {without:N0} none");
    }

    /// <summary>Labels of which little or nothing is there.</summary>
    public IEnumerable<string> Warnings(ImageRows training, ImageRows testing)
    {
        var rare = CountsOf(training.Part).Where(c => c.Count < FewImages).ToList();
        if (rare.Count > 0)
        {
            yield return $"{TableFormat.Counted(rare.Count, "label is", "labels are")} on fewer than {FewImages} images to train on: "
                + $"{string.Join(", ", rare.Take(Named).Select(c => $"'{c.Name}' {c.Count}"))}{(rare.Count > Named ? ", …" : "")}; nothing can be learnt or "
                + "told of them for sure.";
        }

        var lacking = CountsOf(testing.Part).Where(c => c.Count == 0).Select(c => c.Name).ToList();
        if (lacking.Count > 0)
        {
            yield return $"the test part has no image with {Some(lacking)}, so its figures say nothing of {(lacking.Count == 1 ? "that label" : "these")}.";
        }
    }

    private void MustBeLabels(ImagePart train, IReadOnlyList<(string Name, ImagePart Part)> others)
    {
        if (!Of(train).Any(l => l.Length > 1))
        {
            throw new InvalidDataException($"No image of '{train.Place}' has two labels. Write task: multiclass where an image has one; data.labelSeparator "
                + "where something else than | stands between them; or data.labels for a column of each.");
        }

        ClassSpelling.Check(train.Place, others.SelectMany(o => Of(o.Part)).Append([.. Names]).SelectMany(l => l));
        foreach (var (name, part) in others)
        {
            var unknown = Of(part).SelectMany(l => l).Except(Names).ToList();
            if (unknown.Count > 0)
            {
                throw new InvalidDataException($"The {name} part '{part.Place}' has the label{(unknown.Count == 1 ? "" : "s")} {Some(unknown)}, which no "
                    + $"image to train on has; there are {Some(Names)}.");
            }
        }
    }

    private static IEnumerable<string[]> Of(ImagePart part) => (part.Labels ?? []).Select(s => s.Split(Between, StringSplitOptions.RemoveEmptyEntries));

    private List<(string Name, int Count)> CountsOf(ImagePart part)
    {
        var counts = Of(part).SelectMany(l => l).CountBy(l => l).ToDictionary();
        return [.. Names.Select(n => (n, counts.GetValueOrDefault(n)))];
    }

    private static string Some(IReadOnlyCollection<string> words) =>
        string.Join(", ", words.Take(Named).Select(n => $"'{n}'")) + (words.Count > Named ? ", …" : "");
}

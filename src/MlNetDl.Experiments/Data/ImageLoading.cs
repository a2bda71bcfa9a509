using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Loads images of files: from a folder or from a list, all the same.</summary>
internal sealed class ImageLoading
{
    private const string Validation = "validation", Test = "test";
    private const int Named = 3;

    private readonly ImageData source;
    private readonly LearningTask? task;
    private readonly ImageLook look;
    private readonly ImageLabels labels;
    private readonly List<string> notes, warnings;

    /// <summary>Looks at the labels.</summary>
    /// <param name="source">What is said of the data.</param>
    /// <param name="task">What is learnt.</param>
    /// <param name="look">What is there.</param>
    /// <exception cref="InvalidDataException">Labels do not suit the task, or each other.</exception>
    public ImageLoading(ImageData source, LearningTask? task, ImageLook look)
    {
        (this.source, this.task, this.look) = (source, task, look);
        (notes, warnings) = ([.. look.Notes], [.. look.Warnings]);
        (string Name, ImagePart? Part)[] others = [(Validation, look.Validation), (Test, look.Test)];
        labels = new(source, task, look.Train, [.. others.Where(p => p.Part is not null).Select(p => (p.Name, p.Part!))]);
    }

    /// <summary>Decodes the parts. Without a part to test with, a share is held out.</summary>
    /// <exception cref="InvalidDataException">A part is empty.</exception>
    /// <exception cref="ImageFormatException">Images cannot be read.</exception>
    public LoadedExamples Load()
    {
        var (train, validation, test) = (look.Train, look.Validation, look.Test);
        var input = source.Image.Of(() => [.. ImageFiles.Heads(train.Files).OfType<ImageHead>()]);
        var (budget, problems) = (source.Memory, new List<ImageFormatException>());
        ImageRows Read(ImagePart part) => part.Read(input, budget, problems);
        var (training, validating, testing) = (Read(train), validation is null ? null : Read(validation), test is null ? null : Read(test));
        MustBeReadable(problems);
        foreach (var rows in new[] { training, validating, testing }.OfType<ImageRows>().Where(r => r.Count == 0))
        {
            throw new InvalidDataException($"None of the images in '{rows.Part.Place}' can be read.");
        }

        if (testing is null)
        {
            (training, testing) = Split(training);
        }

        IReadOnlyList<(string Name, ImageRows Rows)> others = validating is null ? [(Test, testing)] : [(Validation, validating), (Test, testing)];
        ImageRows[] all = [training, .. others.Select(o => o.Rows)];
        notes.InsertRange(0, labels.Counts(training) is { } counts ? [counts] : []);
        notes.AddRange(ImageNotes.Of(source.Image, input, [.. all.SelectMany(r => r.Heads).OfType<ImageHead>()]));
        notes.Add(ImageNotes.Memory([.. all.Select(r => r.Pixels)], budget));
        warnings.AddRange(labels.Warnings(training, testing));
        warnings.AddRange(RepeatedImages.Warnings(training, others));
        if (ScaledFiles.TextOf(all.SelectMany(r => r.Heads), input) is { } scaled)
        {
            warnings.Add(scaled + (source.Image.HasSize ? "" : " Nobody asked for that size: data.image sets another one, such as "
                + "{ height: 128, width: 128 }."));
        }

        return new(task, labels.Labelled(training), labels.Labelled(testing), input.Resize)
        {
            Validation = validating is null ? null : labels.Labelled(validating),
            Notes = notes,
            Doubts = warnings,
        };
    }

    private void MustBeReadable(List<ImageFormatException> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        if (source.BadFiles == BadFiles.Error)
        {
            throw ImageFormatException.Of(problems, "Mend or remove what is listed, or write data.badFiles: skip to leave it out.");
        }

        var some = string.Join(", ", problems.Take(Named).Select(p => $"'{p.Name}' ({p.Problem.TrimEnd('.')})"));
        warnings.Add($"{TableFormat.Counted(problems.Count, "image")} that cannot be read {(problems.Count == 1 ? "is" : "are")} left out: {some}"
            + $"{(problems.Count > Named ? ", …" : "")}.");
    }

    private (ImageRows Training, ImageRows Testing) Split(ImageRows rows)
    {
        var held = HoldOut.Of(labels.Strata(rows), source.TestFraction, seed: 0);
        var split = (Training: rows.Where(i => !held[i]), Testing: rows.Where(i => held[i]));
        return split.Testing.Count > 0 && split.Training.Count > 0 ? split : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
            $"Holding out {source.TestFraction:0.##} of the few images of '{rows.Part.Place}' ({rows.Count}) leaves nothing to ")
            + $"{(split.Testing.Count == 0 ? "test with" : "train on")}; take more images, another data.testFraction, or a test part of its own.");
    }
}

using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A named data set with a training and a test part of its own.</summary>
public sealed record NamedDataset : DataSource
{
    /// <summary>Its name, such as <c>mnist</c>; <c>mldl list datasets</c> shows them.</summary>
    public required string Dataset { get; init; }

    /// <summary>Height and width in pixels to which images of both parts are scaled, from 1 to 1024: for a network that
    /// takes no smaller ones. By default images keep their size.</summary>
    [AtLeast(1), AtMost(1024)]
    public int? Size { get; init; }

    /// <summary>Number of training examples, from 1: a sample in which each class has its share, the same one each time. The
    /// test part stays whole. By default all are used.</summary>
    [AtLeast(1)]
    public int? Take { get; init; }

    /// <inheritdoc/>
    /// <remarks>The name alone stands for images of their own size.</remarks>
    public override string? TestData => Size is null ? Dataset : null;

    /// <inheritdoc/>
    public override DataSource ToWhole() => this with { Take = null };

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var set = Datasets.Find(Dataset) ?? throw new InvalidDataException($"data.{Problems().Single()}");
        return new LoadedExamples(task, Sized(Sample(set.Load(false))), Sized(set.Load(true)));
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Datasets.Find(Dataset) is not null
        ? []
        : [new("dataset", $"names no data set: there is no data set '{Dataset}'; known are: "
            + $"{string.Join(", ", Datasets.All.Select(d => d.Name))}.")];

    private Examples Sample(Examples all)
    {
        if (Take is not { } count)
        {
            return all;
        }

        if (count > all.Count)
        {
            throw new InvalidDataException($"data.take is {count}, but the training part of '{Dataset}' has {all.Count} "
                + "examples; take fewer, or leave the key out to take all.");
        }

        return all.Sample(count, seed: 0);
    }

    private Examples Sized(Examples examples)
    {
        if (Size is not { } side)
        {
            return examples;
        }

        return ScaledImages.Of(examples, side) ?? throw new InvalidDataException(
            $"data.size is {side}, but '{Dataset}' holds no images that could be scaled; leave the key out.");
    }
}

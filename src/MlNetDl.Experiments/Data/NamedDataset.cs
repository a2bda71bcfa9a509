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

    /// <summary>Classes whose examples are kept, by their names, in both parts; all by default. They are then the classes of the data.</summary>
    public ValueList<string> Only { get; init; } = [];

    /// <summary>Classes whose examples are left out of both parts, by their names; none by default. Models may then be asked how
    /// strange they find them.</summary>
    public ValueList<string> Without { get; init; } = [];

    /// <inheritdoc/>
    /// <remarks>The name alone stands for images of their own size and all classes.</remarks>
    public override string? TestData => Size is null && Only.Count + Without.Count == 0 ? Dataset : null;

    /// <inheritdoc/>
    public override DataSource ToWhole() => this with { Take = null, Validation = null };

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var set = Datasets.Find(Dataset) ?? throw new InvalidDataException($"data.{Problems().Single()}");
        var (train, test) = (Chosen(set.Load(false)), Chosen(set.Load(true)));
        return new LoadedExamples(task, Sized(Sample(train)), Sized(test));
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Datasets.Find(Dataset) is not null
        ? Only.Count > 0 && Without.Count > 0 ? [new("without", "leaves classes out, and only keeps some: give one of the two.")] : []
        : [new("dataset", $"names no data set: there is no data set '{Dataset}'; known are: "
            + $"{string.Join(", ", Datasets.All.Select(d => d.Name))}.")];

    private Examples Chosen(Examples all)
    {
        if (Only.Count + Without.Count == 0)
        {
            return all;
        }

        var names = all.ClassNames.ToList();
        var named = Only.Concat(Without).ToList();
        if (named.Find(n => !names.Contains(n)) is var unknown && (unknown is not null || all.Targets is not long[]))
        {
            throw new InvalidDataException($"data.{(Only.Count > 0 ? "only" : "without")} names the class '{unknown ?? named[0]}', but '{Dataset}' has "
                + $"{(names.Count == 0 ? "none" : $"these: {string.Join(", ", names)}")}.");
        }

        var classes = (long[])all.Targets!;
        var chosen = Only.Concat(Without).Select(n => (long)names.IndexOf(n)).ToHashSet();
        var some = all.Where(i => chosen.Contains(classes[i]) == Only.Count > 0);
        // Classes that are left out are none of the data's: a model that is told classes must not know them.
        var kept = Enumerable.Range(0, names.Count).Where(i => chosen.Contains(i) == Only.Count > 0).ToList();
        return some with
        {
            ClassNames = [.. kept.Select(i => names[i])],
            Targets = Array.ConvertAll((long[])some.Targets!, c => (long)kept.IndexOf((int)c)),
        };
    }

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

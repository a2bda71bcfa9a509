using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A named data set with a training and a test part of its own.</summary>
public sealed record NamedDataset : DataSource
{
    /// <summary>Its name, such as <c>mnist</c>; <c>mldl list datasets</c> shows them.</summary>
    public required string Dataset { get; init; }

    /// <summary>How many training examples to take, drawn at random in the classes' shares, the same ones each time; all by
    /// default. The test part stays whole.</summary>
    [AtLeast(1)]
    public int? Take { get; init; }

    /// <inheritdoc/>
    public override string TestData => Dataset;

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var set = Datasets.Find(Dataset) ?? throw new InvalidDataException($"data.{Problems().Single()}");
        var train = set.Load(false);
        if (Take > train.Count)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"data.take: {Take:N0} examples are asked for, but '{Dataset}' has {train.Count:N0} to train on; take fewer, or leave the key out."));
        }

        return new LoadedExamples(task, Take is { } count ? train.Sample(count, seed: 0) : train, set.Load(true));
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Datasets.Find(Dataset) is not null
        ? []
        : [new("dataset", $"names no data set: there is no data set '{Dataset}'; known are: "
            + $"{string.Join(", ", Datasets.All.Select(d => d.Name))}.")];
}

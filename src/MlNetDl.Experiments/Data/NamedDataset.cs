using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A named data set with a training and a test part of its own.</summary>
public sealed record NamedDataset : DataSource
{
    /// <summary>Its name, such as <c>mnist</c>; <c>mldl list datasets</c> shows them.</summary>
    public required string Dataset { get; init; }

    /// <inheritdoc/>
    public override string TestData => Dataset;

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var set = Datasets.Find(Dataset) ?? throw new InvalidDataException($"data.{Problems().Single()}");
        return new LoadedExamples(task, set.Load(false), set.Load(true));
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Datasets.Find(Dataset) is not null
        ? []
        : [new("dataset", $"names no data set: there is no data set '{Dataset}'; known are: "
            + $"{string.Join(", ", Datasets.All.Select(d => d.Name))}.")];
}

using Microsoft.ML;
using MlNetDl.Tasks;

namespace MlNetDl.Testing;

/// <summary>A task with data that it learns from.</summary>
/// <param name="Task">The task.</param>
public sealed record TaskSample(LearningTask Task)
{
    /// <summary>Some tens of rows with a vector of features and a label of the task. <see langword="null"/>, the
    /// default, makes 48 rows whose label column is the first that the task's label form takes of a key, a Boolean, a
    /// Single, a vector of Boolean or Single, and a text.</summary>
    public Func<MLContext, IDataView>? Data { get; init; }

    /// <summary>Name of the label column of <see cref="Data"/>.</summary>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Name of the features of <see cref="Data"/>.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <inheritdoc/>
    public override string ToString() => ComponentContract.NameOf(Task);
}

using MlNetDl.Tasks;

namespace MlNetDl.Testing;

/// <summary>The contract of every task: label, loss, scores, columns and figures fit each other, in training, in ML.NET
/// and in a saved model.</summary>
/// <example><code>
/// Catalogs.Tasks.Register&lt;QuantileRegression&gt;();
/// TaskContract.Of(new QuantileRegression()).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests.</remarks>
public static partial class TaskContract
{
    private static readonly FactList<TaskSample> List = new(TorchRun.Do)
    {
        { "Its loss and its figures take its scores, and figures have names of their own", PartsTakeItsScores },
        { "What label columns hold is foretold as it is described", LabelsAreForetold },
        { "A label column that it does not take is refused in the words of its label form", OtherLabelsAreRefused },
        { "Its columns read what its scoring layer makes", ColumnsReadWhatIsMade },
        { "Its scoring layer undoes the standardisation of targets", StandardisationIsUndone },
        { "What people read of scores is a class that there is, or a number", ReadingSaysWhatScoresSay },
        { "It trains, and its figures are figures", Trains },
        { "The columns that a model adds are those foretold", ColumnsAreForetold },
        { "A saved model keeps the task and scores the same", SavedModelsKeepIt },
        { "Settings that are not a number, or far below 0, are refused", s => Settings.MustBeRefused(s.Task, wholeNumber: int.MinValue) },
    };

    /// <summary>The facts of a task whose label is a key, a Boolean, a Single, a vector of Boolean or Single, or a text.</summary>
    /// <param name="task">The task; registered, as a saved model names it.</param>
    public static IReadOnlyList<ContractFact> Of(LearningTask task) => Of(new TaskSample(task));

    /// <summary>The facts of a task.</summary>
    /// <param name="sample">The task with data that it learns from.</param>
    public static IReadOnlyList<ContractFact> Of(TaskSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return [.. ComponentContract.Of(sample.Task), .. List.Of($"{sample}", sample)];
    }
}

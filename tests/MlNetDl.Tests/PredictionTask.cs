using MlNetDl.Tasks;

namespace MlNetDl.Tests;

/// <summary>The library's tasks by a constant, for the data of theories.</summary>
public enum PredictionTask
{
    Multiclass,
    Binary,
    Regression,
}

internal static class PredictionTasks
{
    public static LearningTask Of(this PredictionTask task) => task switch
    {
        PredictionTask.Multiclass => new MulticlassClassification(),
        PredictionTask.Binary => new BinaryClassification(),
        _ => new Regression(),
    };
}

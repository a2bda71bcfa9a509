namespace MlNetDl.Metrics;

/// <summary>How a figure of each class becomes one.</summary>
public enum Averaging
{
    /// <summary>The figure of the class yes; for logits of yes or no only.</summary>
    Binary,

    /// <summary>The mean over the classes that occur in truth or prediction: each class counts the same.</summary>
    Macro,

    /// <summary>One figure of the counts of all classes together; for rows of one class each that
    /// is the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each as often as it occurs in the truth.</summary>
    Weighted,
}

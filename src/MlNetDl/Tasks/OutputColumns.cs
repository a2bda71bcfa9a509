namespace MlNetDl.Tasks;

/// <summary>Names of the columns that ML.NET's own trainers add, and ours as well.</summary>
public static class OutputColumns
{
    /// <summary>Probabilities of the classes, the logit of yes or of each label, or the values.</summary>
    public const string Score = "Score";

    /// <summary>The probability of yes, or of each label.</summary>
    public const string Probability = "Probability";

    /// <summary>The class, or yes or no, or that for each label.</summary>
    public const string PredictedLabel = "PredictedLabel";
}

namespace MlNetDl.Networks;

/// <summary>What a network's outputs mean.</summary>
public enum PredictionTask
{
    /// <summary>One of several classes; the scores are softmax probabilities.</summary>
    Multiclass,

    /// <summary>Yes or no; one logit, whose sigmoid is the probability of yes.</summary>
    Binary,

    /// <summary>One or several real values.</summary>
    Regression,
}

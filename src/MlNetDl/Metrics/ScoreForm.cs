namespace MlNetDl.Metrics;

/// <summary>The form of a row's scores.</summary>
public enum ScoreForm
{
    /// <summary>Probabilities of K classes, [K]; the target is a class index.</summary>
    Probabilities,

    /// <summary>One logit of yes, [1]; the target is 0 or 1. Above 0 predicts yes.</summary>
    Logit,

    /// <summary>K values in the label's unit, [K]; the target has K values too.</summary>
    Values,

    /// <summary>K logits of yes, one a label, [K]; the target is K values of 0 and 1. Each label is a yes or no by itself.</summary>
    Logits,
}

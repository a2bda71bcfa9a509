namespace MlNetDl.Experiments;

/// <summary>Columns of the models that experiments leave.</summary>
public static class ModelColumns
{
    /// <summary>The name of the predicted class, beside the key in <c>PredictedLabel</c>.</summary>
    public const string PredictedLabelValue = "PredictedLabelValue";
}

namespace MlNetDl.MlNet;

/// <summary>Figures of one of several predicted values, as ML.NET's <c>RegressionMetrics</c> has them for one.</summary>
/// <param name="Name">The value's name: the slot name of the label, else its number from 0.</param>
/// <param name="Rows">Rows whose label has this value; rows where it is NaN are left out.</param>
/// <param name="MeanAbsoluteError">Mean absolute difference, in the label's unit.</param>
/// <param name="MeanSquaredError">Mean squared difference.</param>
/// <param name="RSquared">The share of the label's variance that is explained, 1 at best; NaN where all labels are equal.</param>
/// <remarks>A score that is NaN makes the figures NaN, because a model that fails on rows must not look better for it.</remarks>
public sealed record OutputMetrics(string Name, long Rows, double MeanAbsoluteError, double MeanSquaredError, double RSquared)
{
    /// <summary>Root of the mean squared difference, in the label's unit.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);
}

/// <summary>Figures of a model that predicts several values.</summary>
/// <param name="Outputs">The figures of each value, in the order of the label.</param>
public sealed record ManyOutputsMetrics(IReadOnlyList<OutputMetrics> Outputs)
{
    /// <summary>The mean of all <see cref="OutputMetrics.MeanAbsoluteError"/>; it means something only where the values have one unit.</summary>
    public double MeanAbsoluteError => Outputs.Average(o => o.MeanAbsoluteError);

    /// <summary>The mean of all <see cref="OutputMetrics.MeanSquaredError"/>; it means something only where the values have one unit.</summary>
    public double MeanSquaredError => Outputs.Average(o => o.MeanSquaredError);

    /// <summary>The root of <see cref="MeanSquaredError"/>.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>The mean of all <see cref="OutputMetrics.RSquared"/>, in which each value counts the same whatever its unit.</summary>
    public double RSquared => Outputs.Average(o => o.RSquared);
}

using MlNetDl.MlNet;

namespace Microsoft.ML;

/// <summary>What ML.NET's evaluation of regressions leaves out.</summary>
public static class RegressionExtensions
{
    /// <summary>Figures of a model that predicts several values: of each, and their means. ML.NET's own <c>Evaluate</c> takes one value alone.</summary>
    /// <param name="catalog"><c>mlContext.Regression</c>.</param>
    /// <param name="data">Scored rows, in one pass.</param>
    /// <param name="labelColumnName">The label, a Single or a vector of Single of known size. A value that is NaN is left out of its figures, and
    /// <see cref="OutputMetrics.Rows"/> tells how many are there.</param>
    /// <param name="scoreColumnName">The score, of as many values.</param>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type, or they have different widths.</exception>
    /// <exception cref="InvalidOperationException">A value has no label in any row.</exception>
    public static ManyOutputsMetrics EvaluateMany(
        this RegressionCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return OutputMetricsRun.Of(data, labelColumnName, scoreColumnName);
    }
}

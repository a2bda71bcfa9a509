using System.Text.Json.Serialization;

namespace MlNetDl.Metrics;

/// <summary>The residuals of one output: predicted value less true value, in the label's unit.</summary>
/// <param name="Rows">Rows with a residual. Rows whose score or truth is not finite are left out.</param>
/// <param name="Minimum">The least residual; <see langword="null"/>, like the quantiles, where there are no rows.</param>
/// <param name="Percent5">The 5 % quantile; quantiles lie between neighbours by linear interpolation.</param>
/// <param name="Percent25">The 25 % quantile.</param>
/// <param name="Median">The median.</param>
/// <param name="Percent75">The 75 % quantile.</param>
/// <param name="Percent95">The 95 % quantile.</param>
/// <param name="Maximum">The greatest residual.</param>
public sealed record ResidualReport(
    long Rows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Minimum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Percent5,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Percent25,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Median,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Percent75,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Percent95,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Maximum)
{
    // More are no help: whoever looks for a pattern plots all rows.
    private const int MostWorst = 5;

    /// <summary>The rows with the greatest absolute residuals, the greatest first; five at most.</summary>
    public IReadOnlyList<WorstRow> Worst { get; init; } = [];

    /// <summary>The report of one output.</summary>
    internal static ResidualReport Of(in ScoredRows rows, int output)
    {
        var found = new List<WorstRow>(rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            double truth = rows.Target(row)[output], predicted = rows.Row(row)[output];
            if (double.IsFinite(truth) && double.IsFinite(predicted))
            {
                found.Add(new(row + 1, truth, predicted));
            }
        }

        double[] sorted = [.. found.Select(r => r.Residual).Order()];
        return new(sorted.Length, At(0), At(0.05), At(0.25), At(0.5), At(0.75), At(0.95), At(1))
        {
            Worst = [.. found.OrderByDescending(r => Math.Abs(r.Residual)).Take(MostWorst)],
        };

        double? At(double share)
        {
            if (sorted.Length == 0)
            {
                return null;
            }

            double place = share * (sorted.Length - 1);
            int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }
}

/// <summary>A row that was predicted badly.</summary>
/// <param name="Row">Its number among the scored rows, from 1.</param>
/// <param name="Truth">The true value.</param>
/// <param name="Predicted">The predicted value.</param>
public sealed record WorstRow(int Row, double Truth, double Predicted)
{
    /// <summary>Its line in the file that it comes from, from 1; <see langword="null"/> where it comes from no file of lines.</summary>
    public long? Line { get; init; }

    /// <summary>The predicted value less the true one.</summary>
    public double Residual => Predicted - Truth;
}

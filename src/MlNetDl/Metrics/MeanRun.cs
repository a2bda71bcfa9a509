namespace MlNetDl.Metrics;

/// <summary>A metric's value for one row.</summary>
internal delegate double RowFigure(in ScoredRows rows, int row);

/// <summary>The weighted mean of a figure of each row: Σ wᵢ·fᵢ / Σ wᵢ.</summary>
internal sealed class MeanRun(ScoreForm form, int width, RowFigure figure) : SumsRun(form, width, sums: 2)
{
    public override double Value => Sums[1] > 0 ? Sums[0] / Sums[1] : double.NaN;

    protected override void Collect(in ScoredRows rows, int row, double weight)
    {
        Sums[0] += weight * figure(rows, row);
        Sums[1] += weight;
    }
}

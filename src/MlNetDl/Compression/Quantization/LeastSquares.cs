namespace MlNetDl.Compression;

/// <summary>The range with the least mean squared error of rounding and cutting off, among a hundred shares of the whole range
/// (as in Banner et al. 2019, arXiv:1810.05723, but by search instead of by an assumed distribution).</summary>
public sealed record LeastSquares : Calibration
{
    private const int Shares = 100;

    /// <inheritdoc/>
    public override ValueRange Range(ValueHistogram values, int bits)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (least, greatest) = values.Extremes;
        return Enumerable.Range(1, Shares)
            .Select(share => new ValueRange(least * share / Shares, greatest * share / Shares))
            .MinBy(range => Error(values, range.Grid(bits)));
    }

    private static double Error(ValueHistogram values, AffineGrid grid)
    {
        double sum = 0;
        for (int bin = 0; bin < values.Bins.Count; bin++)
        {
            if (values.Bins[bin] > 0)
            {
                var value = (float)values.Middle(bin);
                double error = value - grid.Round(value);
                sum += values.Bins[bin] * error * error;
            }
        }

        return sum;
    }
}

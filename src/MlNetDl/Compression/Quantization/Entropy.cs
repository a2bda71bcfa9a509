namespace MlNetDl.Compression;

/// <summary>The threshold by which the distribution of the rounded values differs least from that of the values, by Kullback and
/// Leibler's divergence (Migacz, "8-bit inference with TensorRT", GTC 2017).</summary>
/// <remarks>Magnitudes are looked at, as in the source, so both ends are cut at the same distance from 0. Values that are exactly 0
/// are left out: counted, those behind a ReLU fill the first bin, and the narrowest range wins. Of few values, counts differ from those of
/// a coarser grid by chance, which would favour narrow ranges too (a range of one bin a level has no such difference); what chance makes on
/// average, (bins − levels) / 2n, is taken off (Miller 1955).</remarks>
public sealed record Entropy : Calibration
{
    private const int Step = 16;

    /// <inheritdoc/>
    public override ValueRange Range(ValueHistogram values, int bits)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (least, greatest) = values.Extremes;
        double most = Math.Max(-(double)least, greatest);
        var bins = Magnitudes(values, most);
        // Values on both sides of 0 share the levels.
        int levels = least < 0 && greatest > 0 ? 1 << (bits - 1) : 1 << bits;
        int best = ValueHistogram.BinCount;
        double lowest = double.PositiveInfinity;
        for (int kept = levels; kept <= ValueHistogram.BinCount; kept += Step)
        {
            double divergence = Divergence(bins, kept, levels);
            if (divergence < lowest)
            {
                (best, lowest) = (kept, divergence);
            }
        }

        var threshold = (float)(most * best / ValueHistogram.BinCount);
        return new(Math.Max(least, -threshold), Math.Min(greatest, threshold));
    }

    private static double[] Magnitudes(ValueHistogram values, double most)
    {
        var bins = new double[ValueHistogram.BinCount];
        foreach (var (bin, count) in values.Bins.Index())
        {
            int place = (int)(Math.Abs(values.Middle(bin)) / most * ValueHistogram.BinCount);
            bins[Math.Min(place, ValueHistogram.BinCount - 1)] += count;
        }

        return bins;
    }

    // Between the values below the threshold, with the others at it, and the same on a grid of some levels.
    private static double Divergence(double[] bins, int kept, int levels)
    {
        double beyond = bins.AsSpan(kept).ToArray().Sum(), within = bins.AsSpan(0, kept).ToArray().Sum(), total = within + beyond;
        if (within == 0)
        {
            return double.PositiveInfinity;
        }

        double divergence = 0, width = (double)kept / levels;
        for (int level = 0; level < levels; level++)
        {
            int first = (int)(level * width), end = level == levels - 1 ? kept : (int)((level + 1) * width);
            double sum = 0;
            int filled = 0;
            for (int bin = first; bin < end; bin++)
            {
                sum += bins[bin];
                filled += bins[bin] > 0 ? 1 : 0;
            }

            divergence -= Math.Max(0, filled - 1) / (2 * total);
            for (int bin = first; bin < end; bin++)
            {
                double p = bins[bin] + (bin == kept - 1 ? beyond : 0);
                if (p <= 0)
                {
                    continue;
                }

                // A bin that only the cut values fill has no counterpart on the grid; a little keeps the logarithm finite.
                double q = bins[bin] > 0 ? sum / filled : 1e-9 * within;
                divergence += p / total * Math.Log(p / total / (q / within));
            }
        }

        return divergence;
    }
}

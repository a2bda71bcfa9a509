using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>Chooses the range over which values between layers are rounded to integers, from what was seen of them. Derive from it
/// for a rule of one's own, and register the type with <see cref="Catalogs.Calibrations"/> to name it in YAML.</summary>
public abstract record Calibration
{
    /// <summary>The range. 0 is added to it where it lies outside.</summary>
    /// <param name="values">What was seen; some value of it is not 0.</param>
    /// <param name="bits">The bits of a level, 2 to 8.</param>
    public abstract ValueRange Range(ValueHistogram values, int bits);
}

/// <summary>From the least to the greatest value: nothing is cut off, but a single outlier makes all steps wide.</summary>
public sealed record MinMax : Calibration
{
    /// <inheritdoc/>
    public override ValueRange Range(ValueHistogram values, int bits)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Extremes;
    }
}

/// <summary>The moving average of the batches' extremes, so that a single outlier counts little (Jacob et al. 2018,
/// arXiv:1712.05877, section 3.1).</summary>
public sealed record MovingAverage : Calibration
{
    /// <summary>How much of the average stays at each batch, 0 to 1 (exclusive); 0.9 by default, which looks back over about ten
    /// batches.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override ValueRange Range(ValueHistogram values, int bits)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (least, greatest) = ((double)values.Batches[0].Least, (double)values.Batches[0].Greatest);
        foreach (var batch in values.Batches.Skip(1))
        {
            least += (1 - Momentum) * (batch.Least - least);
            greatest += (1 - Momentum) * (batch.Greatest - greatest);
        }

        return new((float)least, (float)greatest);
    }
}

/// <summary>The range that holds a share of all values that are not 0; the same part is cut off at both ends.</summary>
public sealed record Percentile : Calibration
{
    /// <summary>The share in percent, 50 to 100; 99.99 by default.</summary>
    [AtLeast(50), AtMost(100)]
    public double Share { get; init; } = 99.99;

    /// <inheritdoc/>
    public override ValueRange Range(ValueHistogram values, int bits)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (least, greatest) = values.Extremes;
        bool hasBothEnds = least < 0 && greatest > 0;
        double cut = values.Bins.Sum() * (1 - (Share / 100)) / (hasBothEnds ? 2 : 1);
        return new(
            least >= 0 ? least : (float)(least + (values.BinWidth * Beyond(values.Bins, cut))),
            greatest <= 0 ? greatest : (float)(greatest - (values.BinWidth * Beyond([.. values.Bins.Reverse()], cut))));
    }

    // How many bins from the start hold no more values than are cut off.
    private static int Beyond(IReadOnlyList<long> bins, double cut)
    {
        int bin = 0;
        for (double seen = bins[0]; seen <= cut && bin < bins.Count - 1; seen += bins[bin])
        {
            bin++;
        }

        return bin;
    }
}

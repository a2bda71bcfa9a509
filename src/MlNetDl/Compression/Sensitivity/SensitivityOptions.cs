using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>How <see cref="LayerSensitivity"/> is measured.</summary>
public sealed record SensitivityOptions : ICheckedRecord
{
    /// <summary>The most examples that each figure is taken over, rounded up to whole batches; 2,000 by default, with which an
    /// accuracy of 0.9 has a standard error of 0.007.</summary>
    [AtLeast(1)]
    public int Examples { get; init; } = 2000;

    /// <summary>The shares of a layer that are pruned, each above 0 and below 1; 0.1, 0.3, 0.5, 0.7 and 0.9 by default.</summary>
    public ValueList<double> Amounts { get; init; } = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>How much a channel matters; the mean absolute weight of its filter by default, as for
    /// <see cref="FilterPruning"/>.</summary>
    public ChannelScore By { get; init; } = new L1Norm();

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Amounts.Count == 0 || Amounts.Any(a => a is not (> 0 and < 1)))
        {
            yield return new("amounts", "must be one or more shares above 0 and below 1.");
        }
    }
}

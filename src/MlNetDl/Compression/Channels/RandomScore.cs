namespace MlNetDl.Compression;

/// <summary>Random scores: the control that every other score must beat.</summary>
public sealed record RandomScore : ChannelScore
{
    /// <summary>The seed of the scores; 0 by default.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var random = new Random(Seed);
        return scoring.Groups.ToDictionary(g => g, _ => random.NextDouble());
    }
}

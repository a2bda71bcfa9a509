namespace MlNetDl.Compression;

/// <summary>Random scores: the control that every other score must beat.</summary>
public sealed record RandomScore : ChannelScore
{
    /// <summary>The seed of the scores; <see langword="null"/>, the default, takes the training's, so that each seed of an
    /// experiment draws other channels. It is 0 where there is no training.</summary>
    public int? Seed { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var random = new Random(Seed ?? scoring.Stage?.Options.SeedOrDefault ?? 0);
        return scoring.Groups.ToDictionary(g => g, _ => random.NextDouble());
    }
}

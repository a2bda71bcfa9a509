using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>How the pruned share rises to its final value: at once, in rounds, or along a curve.</summary>
/// <remarks>A stage that prunes between trainings does so <see cref="Trainings"/> times, and trains after each. A
/// <see cref="ContinuousPruning"/> masks weights while one training runs.</remarks>
public abstract record PruningSchedule
{
    /// <summary>The share that is pruned at a point of the way.</summary>
    /// <param name="final">The share that is pruned in the end, 0 to 1.</param>
    /// <param name="progress">The part of the way that is done, 0 to 1. At 1 the result is <paramref name="final"/>.</param>
    public abstract double Share(double final, double progress);

    /// <summary>How often a stage prunes and trains, where it prunes between trainings; 1 by default.</summary>
    public virtual int Trainings => 1;
}

/// <summary>A schedule under which the share of masked weights rises while one training runs. Channels, which cannot come
/// back in the middle of a training, are cut in rounds.</summary>
public abstract record ContinuousPruning : PruningSchedule
{
    /// <summary>The part of the training in which the share of masked weights rises, above 0 and at most 1; half by
    /// default. The rest of the training repairs.</summary>
    [Above(0), AtMost(1)]
    public double Until { get; init; } = 0.5;

    /// <summary>The most steps between two changes of masks, 1 or more; 20 by default, which costs little and is fine
    /// enough. Where the share rises in few steps masks change more often, ten times at least.</summary>
    [AtLeast(1)]
    public int Every { get; init; } = 20;

    /// <inheritdoc/>
    /// <remarks>s = s_f·(1 − (1 − t)³), fast at first, while there is much to spare (Zhu and Gupta 2017, eq. 1).</remarks>
    public override double Share(double final, double progress) => final * (1 - Math.Pow(1 - Math.Clamp(progress, 0, 1), 3));
}

/// <summary>All at once, before the training that repairs it.</summary>
public sealed record OneShot : PruningSchedule
{
    /// <inheritdoc/>
    public override double Share(double final, double progress) => progress > 0 ? final : 0;
}

/// <summary>In rounds, each followed by a training; a round prunes the same part of what the one before left (Han et al.
/// 2015, arXiv:1506.02626, section 3).</summary>
public sealed record Iterative : PruningSchedule
{
    /// <summary>The rounds, 2 or more; 5 by default.</summary>
    [AtLeast(2)]
    public int Rounds { get; init; } = 5;

    /// <inheritdoc/>
    public override int Trainings => Rounds;

    /// <inheritdoc/>
    public override double Share(double final, double progress) =>
        1 - Math.Pow(1 - final, Math.Clamp(Math.Floor((progress * Rounds) + 1e-9) / Rounds, 0, 1));
}

/// <summary>Automated gradual pruning: fast at first, while there is much to spare, and slower towards the end (Zhu and
/// Gupta 2017, arXiv:1710.01878, eq. 1): s = s_f·(1 − (1 − t)³).</summary>
/// <remarks>Weights are masked while one training runs; channels are cut in rounds.</remarks>
public sealed record Agp : ContinuousPruning
{
    /// <summary>The rounds of a stage that cuts channels, 2 or more; 3 by default. A stage that masks weights does not
    /// use it.</summary>
    [AtLeast(2)]
    public int Rounds { get; init; } = 3;

    /// <inheritdoc/>
    public override int Trainings => Rounds;
}

using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>How much a channel matters to a network. Those with the lowest scores are pruned.</summary>
/// <remarks>Derive from it for a score of one's own, and register the type with <see cref="Catalogs.ChannelScores"/> to name
/// it in YAML.</remarks>
public abstract record ChannelScore : ICheckedRecord
{
    /// <summary>The score of each group of channels of <see cref="ChannelScoring.Cells"/>, finite; the lowest go first.</summary>
    /// <param name="scoring">The network, its weights and the data.</param>
    /// <exception cref="ArgumentException">The network, or the data, has nothing to score by; the message says what is
    /// missing and where.</exception>
    public abstract IReadOnlyDictionary<int, double> Of(ChannelScoring scoring);

    /// <summary>Refuses a network or data that the score does not suit, before anything is trained; does nothing by
    /// default.</summary>
    /// <param name="scoring">The network, the cells and the data. The weights are those before the training, so they say
    /// nothing yet.</param>
    /// <exception cref="ArgumentException">As <see cref="Of"/>.</exception>
    public virtual void Check(ChannelScoring scoring)
    {
    }

    /// <summary>The problems that declared ranges cannot express; none by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>What a <see cref="ChannelScore"/> goes by.</summary>
public sealed record ChannelScoring
{
    /// <summary>How the network's channels hang together.</summary>
    public required ChannelCoupling Coupling { get; init; }

    /// <summary>The network's weights.</summary>
    public required Weights Weights { get; init; }

    /// <summary>The cells whose groups are scored; all of the coupling by default.</summary>
    public IReadOnlyList<ChannelCell> Cells { get => field ?? Coupling.Cells; init; }

    /// <summary>The stage that prunes, with data and task; <see langword="null"/> where there is none, which scores by weights
    /// do not need.</summary>
    public StageContext? Stage { get; init; }

    /// <summary>The groups that are scored.</summary>
    internal IEnumerable<int> Groups => Cells.SelectMany(c => c.Groups);
}

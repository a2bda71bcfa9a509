using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search.Samplers.Tpe;

/// <summary>What a TPE sampler remembers of a study: the best trials, and where trials lie in each space that was sampled. It follows from the finished trials alone.</summary>
internal sealed class TpeMemory(TpeSampler sampler, History history)
{
    private readonly Ranking ranking = Ranking.Of(history.Directions);
    private readonly Dictionary<string, Observations> spaces = [];
    private int read;

    /// <summary>The memory of a sampler, up to date.</summary>
    public static TpeMemory Of(TpeSampler sampler, History history)
    {
        var memory = history.Cache(sampler, () => new TpeMemory(sampler, history));
        for (; memory.read < history.Finished.Count; memory.read++)
        {
            memory.ranking.Add(history.Finished[memory.read]);
        }

        return memory;
    }

    /// <summary>How many trials there are to learn from.</summary>
    public int Count => ranking.Count;

    /// <summary>Good and other trials in a space, each in order of number, as positions.</summary>
    /// <param name="key">The names of the space as one text.</param>
    /// <param name="space">The space.</param>
    /// <param name="running">Trials that run and count as others.</param>
    public (List<double[]> Good, List<double[]> Others) Split(string key, IReadOnlyList<KeyValuePair<string, Distribution>> space, IEnumerable<TrialRecord> running)
    {
        if (!spaces.TryGetValue(key, out var observations))
        {
            spaces.Add(key, observations = new(space, sampler.HistoryCap));
        }

        observations.Read(history);
        var best = ranking.Best(BestShare.Of(Count)).OrderBy(t => t.Number).ToList();
        var others = observations.Without([.. best.Select(t => t.Number)]);
        foreach (var trial in running)
        {
            if (observations.Positions(trial) is { } positions)
            {
                others.Add((trial.Number, positions));
            }
        }

        return (best.Select(observations.Positions).OfType<double[]>().ToList(), [.. others.OrderBy(o => o.Number).Select(o => o.Positions)]);
    }
}

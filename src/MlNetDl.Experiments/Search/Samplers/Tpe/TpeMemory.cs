using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search.Samplers.Tpe;

/// <summary>What a TPE sampler remembers of a study: the best trials, and where trials lie in each space that was sampled. It follows from the finished trials alone.</summary>
internal sealed class TpeMemory(TpeSampler sampler, History history)
{
    private readonly Ranking ranking = Ranking.Of(history.Directions);
    private readonly Dictionary<string, Observations> spaces = [];
    private readonly ParameterGroups groups = new();
    private (int Trial, string Key, int Finished, long Revision) drawnFor = (-1, "", 0, 0);
    private Dictionary<string, double> drawn = [];
    private int read;

    /// <summary>The memory of a sampler, up to date.</summary>
    public static TpeMemory Of(TpeSampler sampler, History history)
    {
        var memory = history.Cache(sampler, () => new TpeMemory(sampler, history));
        for (; memory.read < history.Finished.Count; memory.read++)
        {
            var trial = history.Finished[memory.read];
            if (memory.ranking.Add(trial))
            {
                memory.groups.Add(trial);
            }
        }

        return memory;
    }

    /// <summary>How many trials there are to learn from.</summary>
    public int Count => ranking.Count;

    /// <summary>The parameters that are drawn with a conditional one: those of its branch that have more than one value.</summary>
    public List<KeyValuePair<string, Distribution>> GroupOf(string name, Distribution distribution) =>
        [.. groups.Of(name).Select(n => KeyValuePair.Create(n, n == name ? distribution : history.Parameters[n])).Where(p => !p.Value.IsSingle)];

    /// <summary>Numbers of a group for a trial, drawn when the first of its parameters is asked for and kept for the others as long as nothing else happens in the study.</summary>
    public Dictionary<string, double> Together(TrialRecord trial, string key, Func<Dictionary<string, double>> draw)
    {
        var wanted = (trial.Number, key, history.Finished.Count, history.Revision);
        if (drawnFor != wanted)
        {
            (drawn, drawnFor) = (draw(), wanted);
        }

        return drawn;
    }

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

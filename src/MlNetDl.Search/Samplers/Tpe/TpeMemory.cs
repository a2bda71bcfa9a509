using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>The memory that a TPE sampler has of a study: which parameters occur together, and the trials in each space
/// that was sampled. It follows from the finished trials alone.</summary>
internal sealed class TpeMemory(TpeSampler sampler, History history)
{
    private readonly Dictionary<string, Observations> spaces = [];
    private readonly ParameterGroups groups = new();
    private (int Trial, string Key, int Finished, long Revision) drawnFor = (-1, "", 0, 0);
    private IReadOnlyDictionary<string, double> drawn = new Dictionary<string, double>();
    private int read;

    /// <summary>The memory of a sampler.</summary>
    public static TpeMemory Of(TpeSampler sampler, History history) => history.Cache(sampler, () => new TpeMemory(sampler, history));

    /// <summary>The parameters that are drawn with a conditional one: those of its branch that have more
    /// than one value.</summary>
    public List<KeyValuePair<string, Distribution>> GroupOf(string name, Distribution distribution)
    {
        for (; read < history.Finished.Count; read++)
        {
            if (Standing.Of(history.Finished[read], history.Goals) is not null)
            {
                groups.Add(history.Finished[read]);
            }
        }

        return [.. groups.Of(name)
            .Select(n => KeyValuePair.Create(n, n == name ? distribution : history.Parameters[n]))
            .Where(p => !p.Value.IsSingle)];
    }

    /// <summary>The trials in a space, read up to now.</summary>
    /// <param name="key">The names of the space as one text.</param>
    /// <param name="space">The space.</param>
    public Observations In(string key, IReadOnlyList<KeyValuePair<string, Distribution>> space)
    {
        if (!spaces.TryGetValue(key, out var observations))
        {
            spaces.Add(key, observations = new(history, space, sampler.HistoryCap));
        }

        observations.Read();
        return observations;
    }

    /// <summary>Numbers of a group for a trial, drawn when the first of its parameters is asked for and kept for the
    /// others as long as nothing else happens in the study.</summary>
    public IReadOnlyDictionary<string, double> Together(TrialRecord trial, string key, Func<IReadOnlyDictionary<string, double>> draw)
    {
        var wanted = (trial.Number, key, history.Finished.Count, history.Revision);
        if (drawnFor != wanted)
        {
            (drawn, drawnFor) = (draw(), wanted);
        }

        return drawn;
    }
}

using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The branches that complete trials show where no space is declared: a choice decides when its value says in
/// each of them whether some other parameter is there, which it is with one of the values and is not with another.
/// Parameters with a single value do not count, as there is nothing to search in them.</summary>
internal sealed class ObservedBranches(History history) : Branches
{
    private readonly Dictionary<string, Dictionary<double, Option>> choices = [];
    private readonly List<Row> rows = [];
    private HashSet<string> deciders = [];
    private int read, version;

    /// <inheritdoc/>
    public override IReadOnlySet<string> Deciders => deciders;

    /// <inheritdoc/>
    public override IReadOnlySet<string> Conditional =>
        rows.SelectMany(r => r.Names).Where(n => !history.Common.ContainsKey(n)).ToHashSet();

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, Distribution>> Parameters =>
        history.Common.Concat(Conditional.Select(n => KeyValuePair.Create(n, history.Parameters[n])));

    /// <inheritdoc/>
    public override int Version => version;

    /// <summary>Reads the trials that have finished since the last call.</summary>
    public void Read()
    {
        for (; read < history.Finished.Count; read++)
        {
            if (history.Finished[read] is not { State: TrialState.Complete } trial)
            {
                continue;
            }

            HashSet<string> now = Add(trial) ? [.. choices.Where(c => Decides(c.Value.Values)).Select(c => c.Key)] : deciders;
            if (!now.SetEquals(deciders))
            {
                (deciders, version) = (now, version + 1);
                rows.Clear();
                history.Finished.Take(read).Where(t => t.State == TrialState.Complete).ToList().ForEach(Place);
            }

            if (deciders.Count > 0)
            {
                Place(trial);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of combinations that no trial had nothing is known.</remarks>
    public override IReadOnlySet<string> At(IReadOnlyDictionary<string, double> numbers)
    {
        HashSet<string>? names = null;
        foreach (var row in rows.Where(r => r.Numbers.All(n => Fits(n, numbers.GetValueOrDefault(n.Key, -1)))))
        {
            if (names is null)
            {
                names = [.. row.Names];
            }
            else
            {
                names.IntersectWith(row.Names);
            }
        }

        return names ?? [];
    }

    private static bool Decides(IReadOnlyCollection<Option> options) => options.SelectMany(o => o.Always)
        .Distinct()
        .Any(p => options.All(o => o.Always.Contains(p) || !o.Ever.Contains(p))
            && options.Any(o => !o.Ever.Contains(p)));

    private static HashSet<string> Names(TrialRecord trial) => [.. trial.Distributions.Where(d => !d.Value.IsSingle).Select(d => d.Key)];

    // Whether the trial says something new about a choice.
    private bool Add(TrialRecord trial)
    {
        HashSet<string>? names = null;
        bool changed = false;
        foreach (var (name, distribution) in trial.Distributions)
        {
            if (distribution is not Choice || distribution.IsSingle)
            {
                continue;
            }

            if (!choices.TryGetValue(name, out var options))
            {
                choices.Add(name, options = []);
            }

            if (!options.TryGetValue(trial.Numbers[name], out var option))
            {
                options.Add(trial.Numbers[name], option = new());
            }

            // Trials with the same parameters share their layout, so a known layout brings nothing new.
            if (!ReferenceEquals(option.Last, trial.Distributions))
            {
                option.Add(trial.Distributions, names ??= Names(trial));
                changed = true;
            }
        }

        return changed;
    }

    // A number that no trial had is as good as open.
    private bool Fits(KeyValuePair<string, double> own, double asked) =>
        asked == own.Value || asked < 0 || !rows.Exists(r => r.Numbers.TryGetValue(own.Key, out double number) && number == asked);

    private void Place(TrialRecord trial)
    {
        var own = deciders.Where(trial.Numbers.ContainsKey).ToDictionary(d => d, d => trial.Numbers[d]);
        var row = rows.Find(r => r.Numbers.Count == own.Count && own.All(o => r.Numbers.TryGetValue(o.Key, out double n) && n == o.Value));
        if (row is null)
        {
            rows.Add(row = new(own, Names(trial)));
            version++;
        }
        else if (!ReferenceEquals(row.Last, trial.Distributions))
        {
            int before = row.Names.Count;
            row.Names.IntersectWith(Names(trial));
            version += row.Names.Count == before ? 0 : 1;
        }

        row.Last = trial.Distributions;
    }

    /// <summary>What all trials with the same numbers of the deciders have.</summary>
    private sealed class Row(Dictionary<string, double> numbers, HashSet<string> names)
    {
        public Dictionary<string, double> Numbers => numbers;

        public HashSet<string> Names => names;

        public object? Last { get; set; }
    }

    /// <summary>Which parameters the trials with one value of a choice have.</summary>
    private sealed class Option
    {
        public IReadOnlyDictionary<string, Distribution>? Last { get; private set; }

        public HashSet<string> Ever { get; } = [];

        public HashSet<string> Always { get; } = [];

        public void Add(IReadOnlyDictionary<string, Distribution> layout, HashSet<string> names)
        {
            if (Last is null)
            {
                Always.UnionWith(names);
            }

            Last = layout;
            Always.IntersectWith(names);
            Ever.UnionWith(names);
        }
    }
}

using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>Which parameters decide what other parameters a trial has. Those with a single value do not count, as there
/// is nothing to search in them.</summary>
internal sealed class Branches
{
    private readonly Dictionary<string, Dictionary<double, Option>> choices = [];
    private HashSet<string>? found;
    private int read;

    /// <summary>The parameters that conditions of the declared space name; without one, the choices whose value
    /// says in each complete trial whether some other parameter is there, which it is with one of their values and
    /// is not with another.</summary>
    public IReadOnlySet<string> Of(History history)
    {
        if (history.Space is { } space)
        {
            return found ??= [.. space.Parameters.Where(p => !p.Distribution.IsSingle).SelectMany(p => p.When).Select(w => w.Parameter)];
        }

        for (; read < history.Finished.Count; read++)
        {
            if (history.Finished[read] is { State: TrialState.Complete } trial)
            {
                Add(trial);
            }
        }

        return found ??= [.. choices.Where(c => Decides(c.Value.Values)).Select(c => c.Key)];
    }

    private static bool Decides(IReadOnlyCollection<Option> options) => options.SelectMany(o => o.Always)
        .Distinct()
        .Any(p => options.All(o => o.Always.Contains(p) || !o.Ever.Contains(p))
            && options.Any(o => !o.Ever.Contains(p)));

    private void Add(TrialRecord trial)
    {
        HashSet<string>? names = null;
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
                option.Add(trial.Distributions, names ??= [.. trial.Distributions.Where(d => !d.Value.IsSingle).Select(d => d.Key)]);
                found = null;
            }
        }
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

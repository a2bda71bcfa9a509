namespace MlNetDl.Experiments.Search.Samplers.Tpe;

/// <summary>Parameters that always occur together: every trial has all of a group or none. The parameters of a branch are one.</summary>
/// <remarks>A partition that each new set of parameters refines; the order of trials does not matter. The groups of Optuna's group-decomposed search space.</remarks>
internal sealed class ParameterGroups
{
    private readonly HashSet<string> seen = [];
    private List<SortedSet<string>> groups = [];
    private object? last;

    /// <summary>Takes a trial's parameters in.</summary>
    public void Add(TrialRecord trial)
    {
        // Trials with the same parameters share their layout, and few differ.
        if (ReferenceEquals(last, trial.Distributions))
        {
            return;
        }

        last = trial.Distributions;
        var rest = new SortedSet<string>(trial.Numbers.Keys, StringComparer.Ordinal);
        if (!seen.Add(string.Join('\n', rest)))
        {
            return;
        }

        var refined = new List<SortedSet<string>>();
        foreach (var group in groups)
        {
            var within = new SortedSet<string>(group.Where(rest.Contains), StringComparer.Ordinal);
            group.ExceptWith(within);
            rest.ExceptWith(within);
            refined.AddRange(((SortedSet<string>[])[within, group]).Where(g => g.Count > 0));
        }

        if (rest.Count > 0)
        {
            refined.Add(rest);
        }

        groups = refined;
    }

    /// <summary>The group of a parameter, in ordinal order; by itself when no trial had it.</summary>
    public IReadOnlyCollection<string> Of(string name) => groups.Find(g => g.Contains(name)) ?? (IReadOnlyCollection<string>)[name];
}

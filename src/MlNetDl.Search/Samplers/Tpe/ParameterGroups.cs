namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>Parameters that always occur together: every complete trial has all of a group or none. The parameters of a
/// branch are one.</summary>
/// <remarks>A partition that each new set of parameters refines; the order of trials does not matter. The groups of
/// Optuna's group-decomposed search space. Pruned trials count only for parameters that no complete trial has, because
/// they may have ended before they asked for all of a group.</remarks>
internal sealed class ParameterGroups
{
    private readonly Partition complete = new(), pruned = new();

    /// <summary>Takes a trial's parameters in.</summary>
    public void Add(TrialRecord trial) => (trial.State == TrialState.Complete ? complete : pruned).Add(trial);

    /// <summary>The group of a parameter, in ordinal order; by itself when no trial had it.</summary>
    public IReadOnlyCollection<string> Of(string name) => complete.Of(name)
        ?? pruned.Of(name)?.Where(n => complete.Of(n) is null).ToList()
        ?? (IReadOnlyCollection<string>)[name];

    private sealed class Partition
    {
        private readonly HashSet<string> seen = [];
        private List<SortedSet<string>> groups = [];
        private object? last;

        public SortedSet<string>? Of(string name) => groups.Find(g => g.Contains(name));

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
    }
}

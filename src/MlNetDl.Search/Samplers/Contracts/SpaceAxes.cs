using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Parameters as coordinates: numeric ones from 0 to 1 (logarithmic where the distribution is, numbers in steps
/// in the middle of equal parts), choices as the option's index. Those with a single value are none. A conditional one
/// rests where it does not exist: in the middle, a choice at -1.</summary>
internal sealed class SpaceAxes
{
    private const double RestingOption = -1, Resting = 0.5;
    private readonly KeyValuePair<string, Distribution>[] axes;
    private readonly Branches? branches;
    private readonly SearchSpace? bounds;
    private readonly int[] deciders = [], conditional = [];
    private readonly int version;
    private readonly Dictionary<string, bool[]> known = [];

    /// <summary>The coordinates of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="branches">Which of them exist where; by default all do everywhere.</param>
    /// <param name="space">The declared space, whose bounds <see cref="Within"/> and
    /// <see cref="Taken"/> keep.</param>
    public SpaceAxes(
        IEnumerable<KeyValuePair<string, Distribution>> parameters, Branches? branches = null, SearchSpace? space = null)
    {
        bounds = space?.Parameters.Any(p => p.IsBounded) == true ? space : null;
        axes = [.. parameters.Where(p => !p.Value.IsSingle).OrderBy(p => p.Key, StringComparer.Ordinal)];
        IsChoice = Array.ConvertAll(axes, a => a.Value is Choice);
        if (branches is not null)
        {
            (this.branches, version) = (branches, branches.Version);
            (deciders, conditional) = (Those(branches.Deciders), Those(branches.Conditional));
        }

        int[] Those(IReadOnlySet<string> names) => [.. Enumerable.Range(0, axes.Length).Where(i => names.Contains(axes[i].Key))];
    }

    public int Count => axes.Length;

    /// <summary>Which coordinates are options: of those it only counts whether they are the same.</summary>
    public bool[] IsChoice { get; }

    /// <summary>The unconditional parameters of the declared space, or those common to all complete trials.</summary>
    public static IEnumerable<KeyValuePair<string, Distribution>> Everywhere(History history) => history.Space is { } space
        ? space.Parameters.Where(p => p.When.Count == 0).Select(p => KeyValuePair.Create(p.Name, p.Distribution))
        : history.Common;

    public bool SameAs(SpaceAxes other) => version == other.version && axes.AsSpan().SequenceEqual(other.axes);

    /// <summary>Whether a trial has parameters besides those that exist where it lies.</summary>
    public bool IsPartOf(TrialRecord trial)
    {
        double[] raw = Raw(trial);
        foreach (var (name, distribution) in trial.Distributions)
        {
            if (!distribution.IsSingle && (Array.FindIndex(axes, a => a.Key == name) is var i && i < 0 || !Exists(i, raw)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a parameter is conditional.</summary>
    public bool IsConditional(string name) => Array.Exists(conditional, i => axes[i].Key == name);

    /// <summary>Whether a coordinate's parameter exists at a position.</summary>
    public bool Exists(int axis, double[] position)
    {
        if (conditional.Length == 0)
        {
            return true;
        }

        string key = Branch(position);
        if (!known.TryGetValue(key, out var exist))
        {
            var names = branches!.At(deciders.ToDictionary(d => axes[d].Key, d => position[d] < 0 ? -1 : Number(d, position[d])));
            known.Add(key, exist = [.. axes.Select((a, i) => !conditional.Contains(i) || names.Contains(a.Key))]);
        }

        return exist[axis];
    }

    /// <summary>The branch of a position: what decides on other parameters there; empty without conditions.</summary>
    public string Branch(double[] position) => conditional.Length == 0 ? "" : string.Join(' ', deciders.Select(d => position[d]));

    /// <summary>Coordinates of deciders drawn evenly, and <see langword="null"/> for the others: a random
    /// branch.</summary>
    public double?[] RandomBranch(TrialRandom random) =>
        [.. axes.Select((_, i) => deciders.Contains(i) ? FromUnit(i, random.NextDouble()) : (double?)null)];

    /// <summary>Whether some coordinates exist only in some branches.</summary>
    public bool HasBranches => conditional.Length > 0;

    /// <summary>A position with the coordinates that do not exist there at rest, and no others.</summary>
    public double[] Settled(double[] position)
    {
        // Choices that come to exist may bring others.
        double[] settled = position;
        for (bool changed = conditional.Length > 0; changed;)
        {
            changed = false;
            foreach (int i in conditional)
            {
                double place = Exists(i, settled) ? IsChoice[i] ? Math.Max(settled[i], 0) : settled[i] : AtRest(i);
                if (place != settled[i])
                {
                    settled = ReferenceEquals(settled, position) ? [.. position] : settled;
                    (settled[i], changed) = (place, true);
                }
            }
        }

        return settled;
    }

    /// <summary>A position with each coordinate within what the others leave of its range.</summary>
    /// <param name="position">The position, settled.</param>
    /// <param name="held">Coordinates that stay as they are.</param>
    public double[] Within(double[] position, IReadOnlyList<double?> held)
    {
        double[] within = position;
        var numbers = new Dictionary<string, double>();
        foreach (var parameter in bounds?.Parameters ?? [])
        {
            int i = Array.FindIndex(axes, a => a.Key == parameter.Name);
            if (i < 0)
            {
                numbers[parameter.Name] = parameter.Distribution.FromUnit(0);
                continue;
            }

            if (!Exists(i, within))
            {
                continue;
            }

            double number = Number(i, within[i]);
            if (parameter.IsBounded && held[i] is null && bounds!.Narrowed(parameter, numbers) is { } part && !part.Contains(number))
            {
                number = part.Nearest(number);
                within = ReferenceEquals(within, position) ? [.. position] : within;
                within[i] = Coordinate(i, number);
            }

            numbers[parameter.Name] = number;
        }

        return within;
    }

    /// <summary>Where a trial lies; <see langword="null"/> when it lacks a parameter.</summary>
    public double[]? Position(TrialRecord trial)
    {
        double[] raw = Raw(trial);
        return Enumerable.Range(0, axes.Length).Any(i => Lacks(trial, i, raw)) ? null : Settled(raw);
    }

    /// <summary>Where a trial lies that ended before it had all its parameters: those it lacks are drawn at random, so
    /// that many such trials cover what they may have been; <see langword="null"/> when it has none.</summary>
    public double[]? PositionFilled(TrialRecord trial)
    {
        if (!Array.Exists(axes, a => trial.Numbers.ContainsKey(a.Key)))
        {
            return null;
        }

        // Deciders first: what is drawn for them says what else the trial lacks.
        double[] position = Raw(trial);
        foreach (int i in (int[])[.. deciders, .. Enumerable.Range(0, axes.Length)])
        {
            position[i] = Lacks(trial, i, position) ? FromUnit(i, new TrialRandom(1, trial.Number, axes[i].Key).NextDouble()) : position[i];
        }

        return Settled(position);
    }

    /// <summary>The coordinates that a trial has; <see langword="null"/> for the others.</summary>
    public double?[] Held(TrialRecord trial) =>
        [.. axes.Select((a, i) => trial.Numbers.TryGetValue(a.Key, out double number) ? Coordinate(i, number) : (double?)null)];

    /// <summary>A position whose numbers a trial has, with the coordinates that were drawn outside of what other parameters leave
    /// of their ranges where the trial has them: at the nearest number within.</summary>
    /// <returns>The position; <see langword="null"/> where the trial has other numbers.</returns>
    public double[]? Taken(TrialRecord trial, double[] position)
    {
        double[] taken = position;
        for (int i = 0; i < axes.Length; i++)
        {
            if (!trial.Numbers.TryGetValue(axes[i].Key, out double number))
            {
                return null;
            }

            double drawn = Number(i, position[i]);
            if (number == drawn)
            {
                continue;
            }

            if (bounds?.Find(axes[i].Key) is not { IsBounded: true } parameter
                || bounds.Narrowed(parameter, trial.Numbers) is not { } part || number != part.Nearest(drawn))
            {
                return null;
            }

            taken = ReferenceEquals(taken, position) ? [.. position] : taken;
            taken[i] = Coordinate(i, number);
        }

        return taken;
    }

    /// <summary>The numbers of a position, for the wanted parameters.</summary>
    public Dictionary<string, double> Numbers(double[] position, IReadOnlyDictionary<string, Distribution> wanted)
    {
        var numbers = new Dictionary<string, double>(axes.Length);
        for (int i = 0; i < axes.Length; i++)
        {
            if (wanted.ContainsKey(axes[i].Key))
            {
                numbers.Add(axes[i].Key, Number(i, position[i]));
            }
        }

        return numbers;
    }

    /// <summary>The number of a parameter at a position; <see langword="null"/> where it does not exist.</summary>
    public double? NumberOf(string name, double[] position) =>
        Array.FindIndex(axes, a => a.Key == name) is >= 0 and var i && Exists(i, position) ? Number(i, position[i]) : null;

    /// <summary>The coordinate of a share of the distribution, on the grid of its values.</summary>
    public double FromUnit(int axis, double unit)
    {
        var distribution = axes[axis].Value;
        return distribution switch
        {
            Choice => distribution.FromUnit(unit),
            { Steps: not null } => distribution.ToUnit(distribution.FromUnit(Math.Clamp(unit, 0, 1))),
            _ => Math.Clamp(unit, 0, 1),
        };
    }

    /// <summary>Values beside a coordinate: all other options, or what lies a step to either side; where values have steps of
    /// their own at least the next one.</summary>
    public IEnumerable<double> Neighbours(int axis, double coordinate, double step)
    {
        switch (axes[axis].Value)
        {
            case Choice choice:
                return Enumerable.Range(0, choice.Count).Select(i => (double)i).Where(i => i != coordinate);
            case { Steps: { } count } stepped:
                long index = stepped.IndexOf(stepped.FromUnit(coordinate));
                long below = Math.Min(stepped.IndexOf(stepped.FromUnit(Math.Max(coordinate - step, 0))), index - 1),
                    above = Math.Max(stepped.IndexOf(stepped.FromUnit(Math.Min(coordinate + step, 1))), index + 1);
                return new[] { below, above }.Where(i => i >= 0 && i < count).Select(i => stepped.ToUnit(stepped.At(i)));
            default:
                return new[] { Math.Max(coordinate - step, 0), Math.Min(coordinate + step, 1) }.Where(c => c != coordinate);
        }
    }

    /// <summary>How much of the axis one value takes: 0 for real numbers; on a logarithmic axis of whole numbers that
    /// of the value at the position.</summary>
    public double Width(int axis, double position)
    {
        switch (axes[axis].Value)
        {
            case Integer { Log: true } whole:
                double number = whole.FromUnit(Math.Clamp(position, 0, 1));
                return Math.Log((number + 0.5) / (number - 0.5)) / Math.Log((whole.To + 0.5) / (whole.From - 0.5));
            case { Steps: { } count }:
                return 1.0 / count;
            default:
                return 0;
        }
    }

    private double[] Raw(TrialRecord trial) =>
        [.. axes.Select((a, i) => trial.Numbers.TryGetValue(a.Key, out double number) ? Coordinate(i, number) : AtRest(i))];

    private bool Lacks(TrialRecord trial, int axis, double[] position) =>
        !trial.Numbers.ContainsKey(axes[axis].Key) && Exists(axis, position);

    private double AtRest(int axis) => IsChoice[axis] ? RestingOption : Resting;

    private double Coordinate(int axis, double number) => IsChoice[axis] ? number : axes[axis].Value.ToUnit(number);

    private double Number(int axis, double coordinate) => IsChoice[axis] ? coordinate : axes[axis].Value.FromUnit(coordinate);
}

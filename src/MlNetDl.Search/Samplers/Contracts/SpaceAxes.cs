using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Parameters as coordinates: numeric ones from 0 to 1 (logarithmic where the distribution is, whole numbers
/// in the middle of equal parts), choices as the option's index. Those with a single value are none.</summary>
internal sealed class SpaceAxes
{
    private readonly KeyValuePair<string, Distribution>[] axes;

    public SpaceAxes(IEnumerable<KeyValuePair<string, Distribution>> parameters)
    {
        axes = [.. parameters.Where(p => !p.Value.IsSingle).OrderBy(p => p.Key, StringComparer.Ordinal)];
        IsChoice = Array.ConvertAll(axes, a => a.Value is Choice);
    }

    public int Count => axes.Length;

    /// <summary>Which coordinates are options: of those it only counts whether they are the same.</summary>
    public bool[] IsChoice { get; }

    /// <summary>The unconditional parameters of the declared space, or those common to all complete trials.</summary>
    public static IEnumerable<KeyValuePair<string, Distribution>> Everywhere(History history) => history.Space is { } space
        ? space.Parameters.Where(p => p.When.Count == 0).Select(p => KeyValuePair.Create(p.Name, p.Distribution))
        : history.Common;

    public bool SameAs(SpaceAxes other) => axes.AsSpan().SequenceEqual(other.axes);

    /// <summary>Whether a trial has parameters besides these, conditional ones.</summary>
    public bool IsPartOf(TrialRecord trial)
    {
        foreach (var (name, distribution) in trial.Distributions)
        {
            if (!distribution.IsSingle && !Array.Exists(axes, a => a.Key == name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a trial lies; <see langword="null"/> when it lacks a parameter.</summary>
    public double[]? Position(TrialRecord trial)
    {
        double[] position = new double[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            if (!trial.Numbers.TryGetValue(axes[i].Key, out double number))
            {
                return null;
            }

            position[i] = Coordinate(i, number);
        }

        return position;
    }

    /// <summary>Where a trial lies that ended before it had all its parameters: those it lacks are drawn at random, so
    /// that many such trials cover what they may have been; <see langword="null"/> when it has none.</summary>
    public double[]? PositionFilled(TrialRecord trial) => !Array.Exists(axes, a => trial.Numbers.ContainsKey(a.Key))
        ? null
        : [.. axes.Select((a, i) => trial.Numbers.TryGetValue(a.Key, out double number)
            ? Coordinate(i, number)
            : FromUnit(i, new TrialRandom(1, trial.Number, a.Key).NextDouble()))];

    /// <summary>Whether a trial has the numbers that a position stands for.</summary>
    public bool IsAt(TrialRecord trial, double[] position)
    {
        for (int i = 0; i < axes.Length; i++)
        {
            if (!trial.Numbers.TryGetValue(axes[i].Key, out double number) || number != Number(i, position[i]))
            {
                return false;
            }
        }

        return true;
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

    /// <summary>The coordinate of a share of the distribution, on the grid of its values.</summary>
    public double FromUnit(int axis, double unit)
    {
        var distribution = axes[axis].Value;
        return distribution switch
        {
            Choice => distribution.FromUnit(unit),
            Integer => distribution.ToUnit(distribution.FromUnit(Math.Clamp(unit, 0, 1))),
            _ => Math.Clamp(unit, 0, 1),
        };
    }

    /// <summary>Values beside a coordinate: all other options, or what lies a step to either side; for whole numbers at
    /// least the next one.</summary>
    public IEnumerable<double> Neighbours(int axis, double coordinate, double step)
    {
        switch (axes[axis].Value)
        {
            case Choice choice:
                return Enumerable.Range(0, choice.Count).Select(i => (double)i).Where(i => i != coordinate);
            case Integer whole:
                double number = whole.FromUnit(coordinate);
                double below = Math.Min(whole.FromUnit(Math.Max(coordinate - step, 0)), number - whole.Step),
                    above = Math.Max(whole.FromUnit(Math.Min(coordinate + step, 1)), number + whole.Step);
                return new[] { below, above }.Where(whole.Contains).Select(whole.ToUnit);
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
            case Integer whole:
                return 1.0 / whole.Count;
            default:
                return 0;
        }
    }

    private double Coordinate(int axis, double number) => IsChoice[axis] ? number : axes[axis].Value.ToUnit(number);

    private double Number(int axis, double coordinate) => IsChoice[axis] ? coordinate : axes[axis].Value.FromUnit(coordinate);
}

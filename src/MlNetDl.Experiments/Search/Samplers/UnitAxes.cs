using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search.Samplers;

/// <summary>Numeric parameters as axes of the unit cube: linear, or logarithmic where the distribution is; whole numbers lie in the middle of equal parts.</summary>
internal sealed class UnitAxes
{
    private readonly KeyValuePair<string, Distribution>[] axes;

    private UnitAxes(KeyValuePair<string, Distribution>[] axes) => this.axes = axes;

    public int Count => axes.Length;

    public IEnumerable<KeyValuePair<string, Distribution>> Parameters => axes;

    /// <summary>The axes of a study: the numeric parameters that every trial has, by name.</summary>
    public static UnitAxes Of(History history) => new([.. Everywhere(history).Where(p => !p.Value.IsSingle && p.Value is not Choice).OrderBy(p => p.Key, StringComparer.Ordinal)]);

    /// <summary>The unconditional parameters of the declared space, or those common to all complete trials.</summary>
    public static IEnumerable<KeyValuePair<string, Distribution>> Everywhere(History history) => history.Space is { } space
        ? space.Parameters.Where(p => p.When.Count == 0).Select(p => KeyValuePair.Create(p.Name, p.Distribution))
        : history.Common;

    public bool SameAs(UnitAxes other) => axes.AsSpan().SequenceEqual(other.axes);

    /// <summary>Where a trial lies; <see langword="null"/> when it lacks a parameter.</summary>
    public double[]? Position(TrialRecord trial)
    {
        var position = new double[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            if (!trial.Numbers.TryGetValue(axes[i].Key, out double number))
            {
                return null;
            }

            position[i] = axes[i].Value.ToUnit(number);
        }

        return position;
    }

    /// <summary>Whether a trial has the numbers that a position stands for.</summary>
    public bool IsAt(TrialRecord trial, double[] position)
    {
        for (int i = 0; i < axes.Length; i++)
        {
            if (!trial.Numbers.TryGetValue(axes[i].Key, out double number) || number != axes[i].Value.FromUnit(position[i]))
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
                numbers.Add(axes[i].Key, axes[i].Value.FromUnit(position[i]));
            }
        }

        return numbers;
    }

    /// <summary>How much of the axis one value takes: 0 for real numbers; on a logarithmic axis of whole numbers that of the value at the position.</summary>
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
}

using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Experiments;

/// <summary>Two configurations beside each other: the best ones of two sweeps, or two trials of one.</summary>
public sealed record SweepComparison
{
    /// <summary>What the first is called.</summary>
    public required string A { get; init; }

    /// <summary>What the second is called.</summary>
    public required string B { get; init; }

    /// <summary>The figure they are compared by.</summary>
    public required string Figure { get; init; }

    /// <summary>Which of its values are better.</summary>
    public required Goal Goal { get; init; }

    /// <summary>The first one's values, in order of seed or fold.</summary>
    public required IReadOnlyList<double> ValuesA { get; init; }

    /// <summary>The second one's values, in order of seed or fold.</summary>
    public required IReadOnlyList<double> ValuesB { get; init; }

    /// <summary>The comparison: of pairs where both were trained with the same seeds or folds, else of groups;
    /// <see langword="null"/> where one of them was trained once or has a value that is not finite, as nothing can be
    /// concluded then.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>Mean of the first less mean of the second.</summary>
    public double Difference => ValuesA.Average() - ValuesB.Average();

    internal static SweepComparison Of(MeasuredRun a, MeasuredRun b, bool mayPair = true)
    {
        if (a.Figure != b.Figure || a.Goal != b.Goal)
        {
            throw new ConfigurationException("", $"'{a.Name}' and '{b.Name}' cannot be compared, as the first is "
                + $"judged by {a.Figure} ({Text(a.Goal)}) and the second by {b.Figure} ({Text(b.Goal)}).");
        }

        // The same seeds are pairs where both have seen the same split and order of the same data. So are folds.
        var common = a.Values.Keys.Intersect(b.Values.Keys).Order().ToList();
        bool arePairs = mayPair && common.Count > 1;
        double[] valuesA = arePairs ? [.. common.Select(s => a.Values[s])] : [.. a.Values.OrderBy(v => v.Key).Select(v => v.Value)];
        double[] valuesB = arePairs ? [.. common.Select(s => b.Values[s])] : [.. b.Values.OrderBy(v => v.Key).Select(v => v.Value)];
        bool canTest = valuesA.Length > 1 && valuesB.Length > 1 && valuesA.Concat(valuesB).All(double.IsFinite);
        return new()
        {
            A = a.Name,
            B = b.Name,
            Figure = a.Figure,
            Goal = a.Goal,
            ValuesA = valuesA,
            ValuesB = valuesB,
            Comparison = !canTest ? null
                : arePairs ? Comparison.Of(a.Name, valuesA, b.Name, valuesB, a.Goal)
                : Comparison.OfUnpaired(a.Name, valuesA, b.Name, valuesB, a.Goal),
        };
    }

    /// <summary>The comparison in words.</summary>
    public override string ToString()
    {
        if (Comparison is not null)
        {
            return $"{Figure}: {Comparison}";
        }

        var (a, b) = (ValuesA.Average(), ValuesB.Average());
        var better = Goal.IsBetter(a, b) ? $"{A} is better by {Number(Math.Abs(Difference))}"
            : Goal.IsBetter(b, a) ? $"{B} is better by {Number(Math.Abs(Difference))}"
            : "neither is better";
        return $"{Figure}: {A} has {Number(a)}, {B} has {Number(b)}: {better}. Nothing can be concluded from one seed; search.repeat, "
            + "search.folds and search.final train more often.";
    }

    private static string Text(Goal goal) => goal == Goal.Maximize ? "greater is better" : "less is better";

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

using MlNetDl.Metrics;

namespace MlNetDl.Search.Analysis;

/// <summary>A complete trial with all its values.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Values">Its values, one for each objective.</param>
/// <param name="IsFeasible">Whether it keeps all constraints.</param>
/// <param name="IsOnFront">Whether it is feasible and no other feasible trial beats it: nowhere worse
/// and somewhere better.</param>
public sealed record ParetoPoint(int Number, IReadOnlyList<double> Values, bool IsFeasible, bool IsOnFront);

/// <summary>Trade-offs between objectives.</summary>
/// <param name="Objectives">The objectives.</param>
/// <param name="Points">The complete trials in order of number; those with a NaN are left out.</param>
/// <param name="ReferencePoint">The point that the hypervolume is measured from, a value for each objective; <see
/// langword="null"/> when none was given.</param>
/// <param name="Hypervolume">The volume between the front and the reference point, see
/// <see cref="Analysis.Hypervolume"/>; <see langword="null"/> without a reference point.</param>
public sealed record ParetoFront(
    IReadOnlyList<ObjectiveAxis> Objectives,
    IReadOnlyList<ParetoPoint> Points,
    IReadOnlyList<double>? ReferencePoint,
    double? Hypervolume) : AnalysisData
{
    /// <summary>The front of a study.</summary>
    /// <param name="history">The study.</param>
    /// <param name="referencePoint">A value for each objective, such as the worst that anyone would accept. Trials
    /// that are not better in all count nothing. Without it there is no hypervolume: volumes from other points
    /// cannot be compared.</param>
    /// <exception cref="ArgumentException">The reference point has another number of values than the study has
    /// objectives, or a NaN.</exception>
    public static ParetoFront Of(History history, IReadOnlyList<double>? referencePoint = null)
    {
        if (referencePoint is not null && (referencePoint.Count != history.Goals.Count || referencePoint.Any(double.IsNaN)))
        {
            throw new ArgumentException(
                $"study '{history.StudyName}' has {history.Goals.Count} objectives; expected a reference point with as "
                    + $"many numbers but got [{string.Join(", ", referencePoint.Select(v => AnalysisTable.Text(v)))}].",
                nameof(referencePoint));
        }

        var complete = history.Trials
            .Where(t => t.State == TrialState.Complete && t.Values.Count == history.Goals.Count && !t.Values.Any(double.IsNaN)).ToList();
        var costs = complete.ToDictionary(t => t.Number, t => Dominance.Losses(t, history.Goals));
        var front = Dominance.Front([.. complete.Where(t => t.IsFeasible).Select(t => costs[t.Number])]);
        var points = complete
            .Select(t => new ParetoPoint(
                t.Number, [.. t.Values], t.IsFeasible, t.IsFeasible && front.Contains(costs[t.Number])))
            .ToList();
        double? volume = referencePoint is null ? null
            : Analysis.Hypervolume.Of([.. points.Where(p => p.IsOnFront).Select(p => p.Values)], referencePoint, history.Goals);
        return new(
            [.. history.Goals.Select((_, i) => ObjectiveAxis.Of(history, i))],
            points,
            referencePoint is null ? null : [.. referencePoint],
            volume);
    }

    /// <summary>The worst finite value of each objective among feasible complete trials: a reference point for one
    /// study, not for comparing several. <see langword="null"/> when there is no such trial.</summary>
    public static IReadOnlyList<double>? WorstValues(History history)
    {
        var points = Of(history).Points.Where(p => p.IsFeasible && p.Values.All(double.IsFinite)).ToList();
        return points.Count == 0 ? null
            : [.. history.Goals.Select((g, i) => points.Select(p => p.Values[i]).MaxBy(v => g.Loss(v)))];
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("paretoFront", ["number", .. Objectives.Select(o => o.Name), "feasible", "onFront"],
        [.. Points.Select(p => (IReadOnlyList<object?>)[p.Number, .. p.Values.Cast<object?>(), p.IsFeasible, p.IsOnFront])])
    {
        Facts =
        [
            new("directions", Objectives.Select(o => AnalysisTable.Text(o.Goal)).ToList()),
            new("referencePoint", ReferencePoint), new("hypervolume", Hypervolume),
        ],
    };
}

namespace MlNetDl.Search.Analysis;

/// <summary>A complete trial over two parameters.</summary>
/// <param name="Number">The trial.</param>
/// <param name="X">The first parameter's number in it.</param>
/// <param name="Y">The second parameter's number in it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Rank">Its place among the points by value, 0 for the best and 1 for the worst; equals share the mean
/// of their places.</param>
public sealed record RankPoint(int Number, double X, double Y, double Value, double Rank);

/// <summary>Places instead of values over two parameters: the scale of the objective, and outliers,
/// do not matter.</summary>
/// <param name="X">The first parameter.</param>
/// <param name="Y">The second parameter.</param>
/// <param name="Objective">The objective.</param>
/// <param name="Points">The complete trials that have both parameters, in order of number; those with NaN
/// are left out.</param>
public sealed record Ranks(ParameterAxis X, ParameterAxis Y, ObjectiveAxis Objective, IReadOnlyList<RankPoint> Points) : AnalysisData
{
    /// <summary>The ranks over two parameters.</summary>
    /// <param name="history">The study.</param>
    /// <param name="x">The first parameter.</param>
    /// <param name="y">The second parameter.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentException">The study has no such parameter or objective, or the two
    /// parameters are one.</exception>
    public static Ranks Of(History history, string x, string y, int objective = 0)
    {
        if (x == y)
        {
            throw new ArgumentException($"expected two parameters but got '{x}' twice; a slice shows one parameter.", nameof(y));
        }

        var axis = (X: ParameterAxis.Of(history, x), Y: ParameterAxis.Of(history, y));
        var points = Observation.Of(history, objective)
            .Where(o => o.Trial.Numbers.ContainsKey(x) && o.Trial.Numbers.ContainsKey(y)).ToList();
        var target = ObjectiveAxis.Of(history, objective);
        var places = points.Select(o => target.Cost(o.Value)).Order().Select((cost, place) => (cost, place))
            .GroupBy(p => p.cost, p => p.place).ToDictionary(g => g.Key, g => g.Average());
        return new(
            axis.X,
            axis.Y,
            target,
            [.. points.Select(o => new RankPoint(
                o.Trial.Number,
                o.Trial.Numbers[x],
                o.Trial.Numbers[y],
                o.Value,
                places[target.Cost(o.Value)] / Math.Max(1, points.Count - 1)))]);
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("ranks", ["number", X.Column, Y.Column, Objective.Name, "rank"],
        [.. Points.Select(p => new object?[] { p.Number, X.Cell(p.X), Y.Cell(p.Y), p.Value, p.Rank })])
    { Facts = [.. Objective.Facts] };
}

using MlNetDl.Search.Analysis;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>A parameter matters as much as the objective follows it in a straight line: by the size
/// of Pearson's correlation.</summary>
public sealed record CorrelationImportance : ImportanceEvaluator
{
    /// <inheritdoc/>
    public override ParameterImportances Evaluate(History history, int objective = 0)
    {
        var axis = ObjectiveAxis.Of(history, objective);
        var trials = history.Trials.Where(t => t.State == TrialState.Complete && double.IsFinite(t.Values[objective])).ToList();
        return ParameterImportances.Normalized("correlation", axis, history.Common.Keys.Select(name => new ParameterImportance(
            name, Correlation([.. trials.Select(t => (t.Numbers[name], t.Values[objective]))]), VarianceShare: null, trials.Count)));
    }

    private static double Correlation(IReadOnlyList<(double X, double Y)> points)
    {
        double x = points.Average(p => p.X), y = points.Average(p => p.Y);
        double spread = Math.Sqrt(points.Sum(p => (p.X - x) * (p.X - x)) * points.Sum(p => (p.Y - y) * (p.Y - y)));
        return spread > 0 ? Math.Abs(points.Sum(p => (p.X - x) * (p.Y - y))) / spread : 0;
    }
}

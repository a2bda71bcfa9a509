namespace MlNetDl.Search.Analysis;

/// <summary>A step of a distribution function.</summary>
/// <param name="Value">A value that trials had.</param>
/// <param name="Share">The share of complete trials with this value or a smaller one, above 0 to 1.</param>
public sealed record DistributionStep(double Value, double Share);

/// <summary>The distribution of one study's values.</summary>
/// <param name="Study">The study.</param>
/// <param name="Steps">Its distinct values in rising order.</param>
public sealed record DistributionCurve(string Study, IReadOnlyList<DistributionStep> Steps);

/// <summary>Empirical distribution functions: which share of trials has at most a value. The way to compare search
/// spaces or samplers as wholes.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Curves">A curve a study. Values of complete trials count, infinities too; NaN are left out.</param>
public sealed record EmpiricalDistribution(ObjectiveAxis Objective, IReadOnlyList<DistributionCurve> Curves) : AnalysisData
{
    /// <summary>The distribution of one study.</summary>
    /// <inheritdoc cref="Of(IReadOnlyList{History}, int)"/>
    public static EmpiricalDistribution Of(History history, int objective = 0) => Of([history], objective);

    /// <summary>The distributions of several studies of the same objective.</summary>
    /// <exception cref="ArgumentException">There is no study, one has no such objective, or their goals
    /// differ.</exception>
    public static EmpiricalDistribution Of(IReadOnlyList<History> studies, int objective = 0)
    {
        if (studies.Count == 0)
        {
            throw new ArgumentException("expected one study or more but got none.", nameof(studies));
        }

        var curves = studies.Select(s => Curve(s.StudyName, Observation.Of(s, objective))).ToList();
        if (!studies.All(s => s.Goals[objective] == studies[0].Goals[objective]))
        {
            throw new ArgumentException(
                "studies to compare have the same goal, but some minimise and some maximise.", nameof(studies));
        }

        return new(ObjectiveAxis.Of(studies[0], objective), curves);
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("empiricalDistribution", ["study", Objective.Name, "share"],
        [.. Curves.SelectMany(c => c.Steps.Select(s => new object?[] { c.Study, s.Value, s.Share }))])
    { Facts = [.. Objective.Facts] };

    private static DistributionCurve Curve(string study, IReadOnlyList<Observation> observations)
    {
        var steps = new List<DistributionStep>();
        int below = 0;
        foreach (var group in observations.GroupBy(o => o.Value).OrderBy(g => g.Key))
        {
            below += group.Count();
            steps.Add(new(group.Key, (double)below / observations.Count));
        }

        return new(study, steps);
    }
}

using MlNetDl.Configuration;
using MlNetDl.Naming;

namespace MlNetDl.Experiments;

/// <summary>The figures of training and validation that the trials of a sweep report, as far as the experiments say so before
/// they run.</summary>
/// <param name="search">The search that asks for figures.</param>
internal sealed class KnownFigures(SearchOptions search)
{
    private readonly HashSet<string> training = [], validation = [], ofAllRows = [];
    private bool areAll = true, holdsOut;

    /// <summary>Takes the figures of a trial's experiment in.</summary>
    public void Add(Experiment experiment)
    {
        bool holds = search.Folds is not null || experiment.HasValidation;
        holdsOut |= holds;
        var metrics = TrainingFigures.Metrics(experiment);
        areAll &= metrics is not null;
        if (metrics is not null)
        {
            // While it trains, a step keeps sums, from which metrics of all rows do not follow.
            training.UnionWith([TrainingFigures.Loss, .. metrics.Where(m => !m.NeedsAllRows).Select(m => m.FigureName)]);
            ofAllRows.UnionWith(metrics.Where(m => m.NeedsAllRows).Select(m => m.FigureName));
            validation.UnionWith(holds ? [TrainingFigures.Loss, .. metrics.Select(m => m.FigureName)] : []);
        }
    }

    /// <summary>What is wrong with the figures that the search asks for.</summary>
    public IEnumerable<RecordProblem> Problems() =>
        search.Objective.Select((o, i) => (Path: $"search.objective[{i}].{(o.Maximize is null ? "minimize" : "maximize")}", o.Figure))
            .Concat(FigureBound.Figures(search.Constraints).Select((figure, i) => (Path: $"search.constraints[{i}]", Figure: figure)))
            .Where(asked => RunFigures.IsOfEpochs(asked.Figure))
            .Select(asked => (asked.Path, Problem: Problem(asked.Figure)))
            .Where(asked => asked.Problem is not null)
            .Select(asked => new RecordProblem(asked.Path, asked.Problem!));

    private string? Problem(string figure)
    {
        bool isOfValidation = figure.StartsWith(RunFigures.Validation, StringComparison.Ordinal);
        if (isOfValidation && !holdsOut)
        {
            return $"asks for {figure}, but nothing is held out for validation; set training.validationFraction, such as 0.2, name "
                + "data.validation, or set search.folds.";
        }

        var names = isOfValidation ? validation : training;
        var name = RunFigures.NameInPart(figure);
        if (!areAll || names.Contains(name))
        {
            return null;
        }

        if (!isOfValidation && ofAllRows.Contains(name))
        {
            return $"asks for '{figure}', which no trial reports: it is computed from all rows at once, and a training sees them batch by "
                + $"batch; take {RunFigures.Validation}{name}.";
        }

        var part = figure[..^name.Length];
        return $"asks for '{figure}', which no trial reports; {(Nearest.Of(name, names) is { } near
            ? $"did you mean '{part}{near}'?"
            : $"there are {string.Join(", ", names.Order(StringComparer.Ordinal).Select(n => part + n))}.")} "
            + "Further figures are named in training.metrics.";
    }
}

using MlNetDl.Configuration;
using MlNetDl.Naming;

namespace MlNetDl.Experiments;

/// <summary>The figures of training and validation that the trials of a sweep report, as far as the experiments say so before
/// they run.</summary>
internal sealed class KnownFigures
{
    private readonly HashSet<string> names = [];
    private bool areAll = true;

    /// <summary>Takes the figures of an experiment in.</summary>
    public void Add(Experiment experiment)
    {
        var known = TrainingFigures.Of(experiment);
        areAll &= known is not null;
        names.UnionWith(known ?? []);
    }

    /// <summary>What is wrong with the figures that a search asks for.</summary>
    public IEnumerable<RecordProblem> Problems(SearchOptions search) => areAll
        ? search.Objective.Select((o, i) => (Path: $"search.objective[{i}].{(o.Maximize is null ? "minimize" : "maximize")}", o.Figure))
            .Concat(search.Constraints.Zip(FigureBound.Figures(search.Constraints)).Select((c, i) => (Path: $"search.constraints[{i}]", Figure: c.Second)))
            .Where(asked => RunFigures.IsOfEpochs(asked.Figure) && !names.Contains(RunFigures.NameInPart(asked.Figure)))
            .Select(asked => new RecordProblem(asked.Path, Unknown(asked.Figure)))
        : [];

    private string Unknown(string figure)
    {
        var name = RunFigures.NameInPart(figure);
        var part = figure[..^name.Length];
        return $"asks for '{figure}', which no trial reports; {(Nearest.Of(name, names) is { } near
            ? $"did you mean '{part}{near}'?"
            : $"there are {string.Join(", ", names.Order(StringComparer.Ordinal).Select(n => part + n))}.")} "
            + "Further figures are named in training.metrics.";
    }
}

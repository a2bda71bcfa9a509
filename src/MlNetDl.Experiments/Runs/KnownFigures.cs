using MlNetDl.Configuration;
using MlNetDl.Naming;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The figures of training and validation that the trials of a sweep report, as far as the experiments say so before
/// they run.</summary>
internal sealed class KnownFigures
{
    private const string Loss = "loss";
    private readonly HashSet<string> names = [];
    private bool areAll = true;

    /// <summary>Takes the figures of an experiment in.</summary>
    public void Add(Experiment experiment)
    {
        var training = experiment.Training;
        // What is no fit of one network to labels reports what it likes.
        areAll &= experiment.Network is NetworkSpec && experiment.Task is not null && training.Step is null && training.Stages.All(s => s is Fit);
        if (areAll)
        {
            names.UnionWith([Loss, .. experiment.Task!.TrainingMetrics.Concat(training.Metrics).Select(m => m.FigureName)]);
        }
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

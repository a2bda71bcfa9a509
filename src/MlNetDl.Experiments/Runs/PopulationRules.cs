using MlNetDl.Configuration;
using MlNetDl.Search.Samplers;
using MlNetDl.Training;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Experiments;

/// <summary>What population-based training asks of a sweep: its trials are parts of trainings, which go on from each
/// other's checkpoints. Paths are those of the experiment.</summary>
internal static class PopulationRules
{
    /// <summary>What a search has that makes no sense with it.</summary>
    public static IEnumerable<RecordProblem> Of(SearchOptions search, PopulationBasedSampler sampler)
    {
        if (search.Objective.Count > 1)
        {
            yield return new("search.sampler", $"ranks its population by one objective, but there are {search.Objective.Count}; take nsga2 or tpe.");
        }

        if (search.Repeat > 1)
        {
            yield return new("search.repeat", "trains each trial over several seeds, but with population-based training a trial goes on from one "
                + "checkpoint; leave it out.");
        }

        if (search.Folds is not null)
        {
            yield return new("search.folds", "train each trial several times, but with population-based training a trial goes on from one "
                + "checkpoint; leave them out, and set training.validationFraction.");
        }

        if (search.Final is not null)
        {
            yield return new("search.final", "trains the values of one trial anew, but population-based training finds a schedule of values: the "
                + "last ones alone would train another model. Leave it out; best/model.zip is the model, and 'mldl evaluate' tests it.");
        }

        if (search.MaxTrials <= sampler.PopulationSize)
        {
            yield return new("search.maxTrials", $"is {search.MaxTrials}, which is one generation of sampler.populationSize {sampler.PopulationSize}, so no "
                + "trial goes on from another; ask for several generations.");
        }
    }

    /// <summary>What the trials of a search have that does not suit parts of trainings, each thing once.</summary>
    /// <param name="trials">Experiments of trials.</param>
    /// <param name="moves">Pairs of experiments between which one parameter differs.</param>
    public static IEnumerable<RecordProblem> Of(IEnumerable<Experiment> trials, IEnumerable<ParameterMove> moves) =>
        trials.SelectMany(e => Of(e.Training)).DistinctBy(p => p.Path).Concat(Constants.SelectMany(c => Changing(moves, c.Value).Select(
            parameter => new RecordProblem($"search.space.{parameter}", $"changes {c.Name}, which cannot change on the way of a training: with "
                + "population-based training a trial goes on from the checkpoint of another; take it out of the space."))));

    /// <summary>The parameters by which trials have weights of another form, which have no place in the checkpoint of a
    /// parent.</summary>
    /// <param name="moves">Pairs of experiments between which one parameter differs.</param>
    /// <param name="weights">The form of the weights of an experiment.</param>
    public static IEnumerable<RecordProblem> OtherWeights(IEnumerable<ParameterMove> moves, Func<Experiment, string> weights) =>
        Changing(moves, weights).Select(parameter => new RecordProblem($"search.space.{parameter}", "changes the weights that the network has, "
            + "but with population-based training a trial goes on with the weights of another; take it out of the space, or choose another sampler."));

    private static IEnumerable<string> Changing(IEnumerable<ParameterMove> moves, Func<Experiment, object?> value) =>
        moves.Where(m => !Equals(value(m.From), value(m.To))).Select(m => m.Parameter).Distinct();

    // Other data, or another part of it held out, would let a trial validate on what its parent was trained on.
    private static readonly IReadOnlyList<(string Name, Func<Experiment, object?> Value)> Constants =
    [
        ("data", e => e.Data),
        ("task", e => e.Task),
        ("training.epochs", e => e.Training.Epochs),
        ("training.seed", e => e.Training.Seed),
        ("training.validationFraction", e => e.Training.ValidationFraction),
        ("training.step", e => e.Training.Step),
    ];

    private static IEnumerable<RecordProblem> Of(TrainingOptions training)
    {
        if (training.Epochs is null)
        {
            yield return new("training.epochs", "is not set: with population-based training it is how long a trial trains before it is compared with the "
                + "others; write how many.");
        }

        if (training.Schedule is not Constant { WarmUp: 0 })
        {
            yield return new("training.schedule", "changes the learning rate, which population-based training does: the schedule would "
                + "begin anew with each part; leave it out, and search training.optimizer.learningRate.");
        }

        if (training.EarlyStopping is not null)
        {
            yield return new("training.earlyStopping", "would make parts of different lengths, but the trials of a population are compared "
                + "after equal ones; leave it out.");
        }

        if (training.RestoreBestWeights)
        {
            yield return new("training.restoreBestWeights", "would judge a trial by other weights than its successors go on from; leave it out.");
        }

        if (training.Stages.Count > 0)
        {
            yield return new("training.stages", "begin a training anew, but the trials of a population go on from each other; leave them out.");
        }
    }
}

/// <summary>Two experiments between which one parameter differs.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="From">The one.</param>
/// <param name="To">The other.</param>
internal sealed record ParameterMove(string Parameter, Experiment From, Experiment To);

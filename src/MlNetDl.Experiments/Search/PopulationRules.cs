using MlNetDl.Configuration;
using MlNetDl.Search.Samplers;
using MlNetDl.Training;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Experiments;

/// <summary>What population-based training asks of a sweep: its trials are parts of trainings, which go on from each
/// other's checkpoints.</summary>
internal static class PopulationRules
{
    /// <summary>What a search has that makes no sense with it.</summary>
    public static IEnumerable<RecordProblem> Of(SearchOptions search, PopulationBasedSampler sampler)
    {
        if (search.Objective.Count > 1)
        {
            yield return new("sampler", $"ranks its population by one objective, but there are {search.Objective.Count}; take nsga2 or tpe.");
        }

        if (search.Repeat > 1)
        {
            yield return new("repeat", "trains each trial over several seeds, but with population-based training a trial goes on from one "
                + "checkpoint; leave it out.");
        }

        if (search.Folds is not null)
        {
            yield return new("folds", "train each trial several times, but with population-based training a trial goes on from one "
                + "checkpoint; leave them out, and set training.validationFraction.");
        }

        if (search.Final is not null)
        {
            yield return new("final", "trains the values of one trial anew, but population-based training finds a schedule of values: the "
                + "last ones alone would train another model. Leave it out; best/model.zip is the model, and 'mldl evaluate' tests it.");
        }

        if (search.MaxTrials <= sampler.PopulationSize)
        {
            yield return new("maxTrials", $"is {search.MaxTrials}, which is one generation of sampler.populationSize {sampler.PopulationSize}, so no "
                + "trial goes on from another; ask for several generations.");
        }
    }

    /// <summary>What a training has that does not suit its parts. Paths are those of the experiment.</summary>
    public static IEnumerable<RecordProblem> Of(TrainingOptions training)
    {
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

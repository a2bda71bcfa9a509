using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>How long an experiment trains where it does not say, by how many rows there are.</summary>
internal static class ExperimentLength
{
    /// <summary>The experiment with epochs and the size of batches set; as it is where nobody knows the rows.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="rows">Rows to train on, without those to validate with.</param>
    public static Experiment Set(Experiment experiment, long? rows)
    {
        if (rows is not { } count)
        {
            return experiment;
        }

        var training = experiment.Training with { BatchSize = experiment.Training.BatchSize ?? TrainingLength.BatchSize(count) };
        int steps = (int)Math.Clamp(StepsOfEpoch(count, training), 1, int.MaxValue);
        int? own = (training.Step ?? experiment.Network.Step).Epochs;
        return experiment with { Training = training with { Epochs = training.Epochs ?? own ?? TrainingLength.Epochs(steps) } };
    }

    /// <summary>Steps of a pass over the rows, of options in which the size of batches is set.</summary>
    public static long StepsOfEpoch(long rows, TrainingOptions training) => (rows + training.BatchSize!.Value - 1) / training.BatchSize.Value;
}

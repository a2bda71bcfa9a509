using System.Text.Json.Serialization;

namespace MlNetDl.Training;

/// <summary>Where a training stands, apart from its tensors. It holds no generator's state, because order and random
/// numbers follow from seed and position.</summary>
internal sealed record CheckpointState
{
    public required string Fingerprint { get; init; }

    /// <summary>The number of epochs that was asked for.</summary>
    public int Epochs { get; init; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; init; }

    public int Batch { get; init; }

    public long[] OptimizerSteps { get; init; } = [];

    public double[] RunningSums { get; init; } = [];

    public List<EpochReport> History { get; init; } = [];

    public int BestEpoch { get; init; }

    public double BestValue { get; init; }

    public int Waited { get; init; }

    public bool HasBestWeights { get; init; }

    /// <summary>Whether early stopping or a callback asked for an end, even after the last epoch.</summary>
    public bool StopAsked { get; init; }

    public double Seconds { get; init; }

    public double EpochSeconds { get; init; }

    public long Examples { get; init; }

    public List<StoredTensor> Tensors { get; init; } = [];

    /// <summary>Refuses another number of epochs where one training of that length would have reached another state by
    /// now.</summary>
    /// <exception cref="InvalidDataException">The longer training would have had other learning rates, the step depends
    /// on the length, or the training has stopped already.</exception>
    public void CheckLength(string path, TrainingOptions options, TrainingStep training, int stepsOfEpoch)
    {
        if (Epochs == options.Epochs)
        {
            return;
        }

        long done = ((long)Epoch * stepsOfEpoch) + Batch, before = (long)Epochs * stepsOfEpoch, now = (long)options.Epochs * stepsOfEpoch;
        if (done > now)
        {
            throw new InvalidDataException(
                $"The checkpoint '{path}' is in epoch {((done - 1) / stepsOfEpoch) + 1}, but training.epochs is {options.Epochs}; "
                + "raise it, or delete the checkpoint to start training anew.");
        }

        var refusal = $"The checkpoint '{path}' is of a training of {Epochs} epochs and cannot be continued to {options.Epochs}";
        if (training.DependsOnLength)
        {
            throw new InvalidDataException(
                $"{refusal}: what this training does depends on how long it is. Set training.epochs to {Epochs} again, or delete the "
                    + $"checkpoint to start training anew.");
        }

        for (long step = 0; step < done; step++)
        {
            if (options.Schedule.FactorAt(step, before) != options.Schedule.FactorAt(step, now))
            {
                throw new InvalidDataException(
                    $"{refusal}: the schedule {options.Schedule.GetType().Name} spreads over all epochs, so that the "
                        + $"learning rates would have been others from step {step + 1} on. Set training.epochs to "
                        + $"{Epochs} again, or delete the checkpoint to start training anew; a constant schedule "
                        + "without warm-up can be continued.");
            }
        }
    }
}

/// <summary>A tensor that follows in the file.</summary>
internal sealed record StoredTensor(string Name, string Type, long[] Dims);

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

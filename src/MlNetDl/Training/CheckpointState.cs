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

    /// <summary>The kinds of the optimisers, in their order. Checkpoints of earlier versions do not tell them.</summary>
    public string[] OptimizerKinds { get; init; } = [];

    /// <summary>The digest of the checkpoint that the training went on from; <see langword="null"/> where it began with
    /// weights of its own.</summary>
    public string? Start { get; init; }

    /// <summary>The epochs that came before, in the trainings that this one goes on from.</summary>
    public int EpochsBefore { get; init; }

    /// <summary>The steps that came before in those trainings, which may have had other batches.</summary>
    public long StepsBefore { get; init; }

    /// <summary>The batches of an epoch.</summary>
    public long StepsOfEpoch { get; init; }

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

    public double EpochDataSeconds { get; init; }

    public long Examples { get; init; }

    public List<StoredTensor> Tensors { get; init; } = [];

    /// <summary>Refuses a checkpoint of a training that began otherwise. The file that it began with need not be there
    /// any more.</summary>
    /// <exception cref="InvalidDataException">The training went on from another checkpoint, or from none.</exception>
    public void CheckStart(string path, string? start)
    {
        if ((start is null) != (Start is null) || (start is not null && File.Exists(start) && Checkpoint.DigestOf(start) != Start))
        {
            throw new InvalidDataException($"The checkpoint '{path}' is of a training that went on from "
                + $"{(Start is null ? "no other" : start is null ? "another" : "another than " + $"'{start}'")}; use another folder, or delete "
                + "it to start anew.");
        }
    }

    /// <summary>Refuses another number of epochs where one training of that length would have reached another state by
    /// now.</summary>
    /// <exception cref="InvalidDataException">The longer training would have had other learning rates, the step depends
    /// on the length, or the training has stopped already.</exception>
    public void CheckLength(string path, TrainingOptions options, TrainingStep training, int stepsOfEpoch)
    {
        if (Epochs == options.SetEpochs)
        {
            return;
        }

        long done = ((long)Epoch * stepsOfEpoch) + Batch, before = (long)Epochs * stepsOfEpoch, now = (long)options.SetEpochs * stepsOfEpoch;
        if (done > now)
        {
            throw new InvalidDataException(
                $"The checkpoint '{path}' is in epoch {((done - 1) / stepsOfEpoch) + 1}, but training.epochs is {options.SetEpochs}; "
                + "raise it, or delete the checkpoint to start training anew.");
        }

        var refusal = $"The checkpoint '{path}' is of a training of {Epochs} epochs and cannot be continued to {options.SetEpochs}";
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
internal sealed record StoredTensor(string Name, string Type, long[] Dims)
{
    /// <summary>Whether it is state of an optimiser.</summary>
    [JsonIgnore]
    public bool IsOfOptimizer => Name.StartsWith(TrainingStep.OptimizerPrefix, StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

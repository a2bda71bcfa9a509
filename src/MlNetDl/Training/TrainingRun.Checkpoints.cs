using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <content>Writes the state of a training to a checkpoint, and continues from one.</content>
internal sealed partial class TrainingRun
{
    private IReadOnlyList<(string Name, Tensor Tensor)> Tensors() =>
        [.. step.WeightsAndState(), .. step.OptimizerState(), .. bestWeights.Tensors];

    private void Save()
    {
        WriteCheckpoint();
        TellOfCheckpoint();
    }

    private void WriteCheckpoint()
    {
        if (checkpoints.Path is { } path)
        {
            Checkpoint.Write(path, new()
            {
                Fingerprint = checkpoints.Fingerprint,
                Epochs = options.SetEpochs,
                Epoch = epoch,
                Batch = batch,
                OptimizerSteps = [.. step.Optimizers.Select(o => o.Steps)],
                OptimizerKinds = [.. step.Optimizers.Select(o => o.Kind)],
                Start = start,
                EpochsBefore = epochsBefore,
                StepsBefore = stepsBefore,
                StepsOfEpoch = Steps,
                RunningSums = step.RunningSums,
                History = history,
                BestEpoch = best.Epoch,
                BestValue = best.Value,
                Waited = best.Waited,
                HasBestWeights = !bestWeights.IsEmpty,
                StopAsked = stopAsked,
                Seconds = Seconds,
                EpochSeconds = Seconds - epochStarted,
                EpochDataSeconds = DataSeconds,
                Examples = examplesBefore + examples,
            }, Tensors());
            lastCheckpoint = clock.Elapsed;
        }
    }

    private void TellOfCheckpoint()
    {
        foreach (var callback in checkpoints.Path is null ? [] : callbacks)
        {
            callback.CheckpointWritten(epoch);
        }
    }

    private void Resume()
    {
        if (checkpoints.Path is not { } path || !File.Exists(path))
        {
            GoOnFromStart();
            return;
        }

        using var checkpoint = Checkpoint.Open(path, checkpoints.Fingerprint);
        var state = checkpoint.State;
        state.CheckStart(path, checkpoints.Start);
        state.CheckLength(path, options, step, Steps);
        if (state.HasBestWeights)
        {
            bestWeights.CopyFrom(step);
        }

        checkpoint.CopyTo(Tensors());
        foreach (var (optimizer, steps) in step.Optimizers.Zip(state.OptimizerSteps))
        {
            optimizer.Steps = steps;
        }

        history.AddRange(state.History);
        best.Resume(state.BestEpoch, state.BestValue, state.Waited);
        (epoch, batch, step.RunningSums) = (state.Epoch, state.Batch, state.RunningSums);
        (secondsBefore, epochStarted, examplesBefore) = (state.Seconds, state.Seconds - state.EpochSeconds, state.Examples);
        waitedBefore = state.EpochDataSeconds;
        (stopAsked, start, epochsBefore, stepsBefore) = (state.StopAsked, state.Start, state.EpochsBefore, state.StepsBefore);
        if (state.Epochs != options.SetEpochs)
        {
            Tell($"The checkpoint is of a training of {state.Epochs} epochs; now there are {options.SetEpochs}, as if "
                + "there had been from the start.");
        }

        Tell(
            batch == 0 ? $"Continuing after epoch {epoch}."
                : batch == Steps ? $"Continuing with the end of epoch {epoch + 1}."
                : $"Continuing in " + $"epoch {epoch + 1} after {batch} of {Steps} steps.");
    }

    // Weights and state must be there; optimisers take theirs over where all are of the same kind and form.
    private void GoOnFromStart()
    {
        if (checkpoints.Start is not { } path)
        {
            return;
        }

        if (step.DependsOnLength)
        {
            throw new ArgumentException($"This training cannot go on from '{path}': what it does depends on how long it is, and each "
                + "training that goes on from another would begin that anew.");
        }

        if (!File.Exists(path))
        {
            throw new InvalidDataException($"The checkpoint '{path}' to go on from is not there.");
        }

        (start, var advice) = (Checkpoint.DigestOf(path), "name a checkpoint of a training of the same network");
        using var checkpoint = Checkpoint.Open(path);
        var state = checkpoint.State;
        IReadOnlyList<(string Name, Tensor Tensor)> whole = [.. step.WeightsAndState()], more = [.. whole, .. step.OptimizerState()];
        bool same = state.OptimizerKinds.SequenceEqual(step.Optimizers.Select(o => o.Kind)) && checkpoint.BeginsWith(more)
            && state.Tensors.Count(t => t.IsOfOptimizer) == more.Count - whole.Count;
        checkpoint.CopyTo(same ? more : whole, advice, isAll: false);
        foreach (var (optimizer, steps) in step.Optimizers.Zip(same ? state.OptimizerSteps : []))
        {
            optimizer.Steps = steps;
        }

        // An epoch that was begun has shown a part of its order already.
        int begun = state.Epoch + (state.Batch > 0 ? 1 : 0);
        (epochsBefore, stepsBefore) = (state.EpochsBefore + begun, state.StepsBefore + ((long)begun * state.StepsOfEpoch));
        Tell($"Going on from '{path}' after {epochsBefore} epochs{(same ? "" : "; its optimizer was another one, so this one begins anew")}.");
    }
}

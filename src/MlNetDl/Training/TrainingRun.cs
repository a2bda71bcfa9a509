using System.Diagnostics;
using MlNetDl.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>One training under way: the loop and where it stands.</summary>
internal sealed class TrainingRun(Trainer owner, TrainingStep step, IBatches train, IBatches? validation) : IDisposable
{
    private readonly TrainingOptions options = owner.Options;
    private readonly List<EpochReport> history = [];
    private readonly Stopwatch clock = new();
    private readonly BestEpoch best = new(owner.Options);
    private readonly WeightsCopy bestWeights = new();
    private double secondsBefore;
    private double epochStarted;
    private long examplesBefore;
    private long examples;
    private int epoch;
    private int batch;
    private bool stoppedEarly;
    private TimeSpan lastCheckpoint;

    private double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    private int Steps => train.BatchCount;

    private long TotalSteps => (long)Steps * options.Epochs;

    private long StepNumber => ((long)epoch * Steps) + batch;

    public TrainingReport Train(CancellationToken stop)
    {
        Resume();
        foreach (var callback in owner.Callbacks)
        {
            callback.Starting([.. history]);
        }

        clock.Start();
        while (epoch < options.Epochs && !stoppedEarly)
        {
            TrainEpoch(stop);
            EndEpoch(stop);
        }

        bool restored = !bestWeights.IsEmpty && best.Epoch != history.Count;
        if (restored)
        {
            bestWeights.CopyTo(step);
        }

        return new(history, best.Epoch, restored, stoppedEarly, Seconds, (examplesBefore + examples) / Math.Max(1e-9, Seconds));
    }

    public void Dispose() => bestWeights.Dispose();

    private void TrainEpoch(CancellationToken stop)
    {
        SetTraining(true);
        if (batch == 0)
        {
            epochStarted = Seconds;
            step.RunningSums = new double[step.RunningSums.Length];
        }

        using var source = new BatchSource(train.Epoch(epoch, batch));
        while (batch < Steps)
        {
            StopIfCancelled(stop);
            using (NewDisposeScope())
            {
                // What a step draws at random follows from its number, so that a resumed training needs no state of a generator, on whatever device it lives.
                manual_seed(SeededOrder.StepSeed(options.SeedOrDefault, StepNumber));
                var result = step.Run(source, options.Schedule.FactorAt(StepNumber, TotalSteps));
                batch += source.TakeCount();
                examples += result.Examples;
                if (!double.IsFinite(result.Loss))
                {
                    throw new TrainingDivergedException(epoch + 1, batch, result.Loss);
                }
            }

            ReportProgress();
            if (clock.Elapsed - lastCheckpoint >= owner.CheckpointInterval)
            {
                Save();
            }
        }
    }

    private void EndEpoch(CancellationToken stop)
    {
        IReadOnlyDictionary<string, double> figures = new Dictionary<string, double>();
        if (validation is not null)
        {
            SetTraining(false);
            figures = step.Evaluate(WhileNotCancelled(validation.Epoch(0), stop));
        }

        double factor = options.Schedule.FactorAt(((long)(epoch + 1) * Steps) - 1, TotalSteps);
        var report = new EpochReport(epoch + 1, step.RunningMetrics, figures, factor, Seconds - epochStarted);
        history.Add(report);
        if (best.Judge(report) && options.RestoreBestWeights && validation is not null)
        {
            bestWeights.CopyFrom(step);
        }

        bool stops = best.IsExhausted(report);
        foreach (var callback in owner.Callbacks)
        {
            stops |= !callback.EpochEnded(report);
        }

        stoppedEarly = stops && epoch + 1 < options.Epochs;

        (epoch, batch) = (epoch + 1, 0);
        if (clock.Elapsed - lastCheckpoint >= Trainer.ShortestCheckpointInterval || epoch == options.Epochs || stoppedEarly)
        {
            Save();
        }
    }

    private IEnumerable<Batch> WhileNotCancelled(IEnumerable<Batch> batches, CancellationToken stop)
    {
        foreach (var rows in batches)
        {
            StopIfCancelled(stop);
            yield return rows;
        }
    }

    private void StopIfCancelled(CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            Save();
            stop.ThrowIfCancellationRequested();
        }
    }

    private void ReportProgress()
    {
        if (owner.Callbacks.Count == 0)
        {
            return;
        }

        double done = StepNumber, all = TotalSteps;
        var progress = new TrainingProgress(epoch + 1, options.Epochs, batch, Steps, step.RunningMetrics.GetValueOrDefault("loss", double.NaN),
            examples / Math.Max(1e-9, clock.Elapsed.TotalSeconds), TimeSpan.FromSeconds(Math.Min(Seconds / done * (all - done), 1e8)));
        foreach (var callback in owner.Callbacks)
        {
            callback.StepEnded(progress);
        }
    }

    private IReadOnlyList<(string Name, Tensor Tensor)> Tensors() => [.. step.Weights(), .. step.OptimizerState(), .. bestWeights.Tensors];

    private void Save()
    {
        if (owner.CheckpointPath is { } path)
        {
            Checkpoint.Write(path, new()
            {
                Fingerprint = owner.Fingerprint, Epoch = epoch, Batch = batch, OptimizerSteps = [.. step.Optimizers.Select(o => o.Steps)], RunningSums = step.RunningSums,
                History = history, BestEpoch = best.Epoch, BestValue = best.Value, HasBestWeights = !bestWeights.IsEmpty, StoppedEarly = stoppedEarly,
                Seconds = Seconds, EpochSeconds = Seconds - epochStarted, Examples = examplesBefore + examples,
            }, Tensors());
            lastCheckpoint = clock.Elapsed;
        }
    }

    private void Resume()
    {
        if (owner.CheckpointPath is not { } path || !File.Exists(path))
        {
            return;
        }

        using var checkpoint = Checkpoint.Open(path, owner.Fingerprint);
        var state = checkpoint.State;
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
        best.Resume(state.BestEpoch, state.BestValue);
        (epoch, batch, step.RunningSums, stoppedEarly) = (state.Epoch, state.Batch, state.RunningSums, state.StoppedEarly);
        (secondsBefore, epochStarted, examplesBefore) = (state.Seconds, state.Seconds - state.EpochSeconds, state.Examples);
        foreach (var callback in owner.Callbacks)
        {
            callback.Message(batch == 0 ? $"Continuing after epoch {epoch}." : $"Continuing in epoch {epoch + 1} after {batch} of {Steps} steps.");
        }
    }

    private void SetTraining(bool training)
    {
        foreach (var network in step.Networks.Values)
        {
            network.SetTraining(training);
        }
    }
}

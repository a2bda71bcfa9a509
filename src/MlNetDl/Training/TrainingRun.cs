using System.Diagnostics;
using MlNetDl.Data;
using MlNetDl.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>One training under way: the loop and where it stands.</summary>
internal sealed partial class TrainingRun(
    TrainingOptions options,
    IReadOnlyList<Callback> callbacks,
    CheckpointPlan checkpoints,
    TrainingStep step,
    Goal goal,
    IBatches train,
    IBatches? validation) : IDisposable
{
    private readonly List<EpochReport> history = [];
    private readonly Stopwatch clock = new(), waiting = new();
    private readonly BestEpoch best = new(options, goal);
    private readonly WeightsCopy bestWeights = new();
    private double secondsBefore;
    private double waitedBefore;
    private string? start;
    private int epochsBefore;
    private long stepsBefore;
    private double epochStarted;
    private long examplesBefore;
    private long examples;
    private int epoch;
    private int batch;
    private bool stopAsked;
    private int looks;
    private TimeSpan lastCheckpoint;

    private double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    // Of the epoch at hand.
    private double DataSeconds => waitedBefore + waiting.Elapsed.TotalSeconds;

    private int Steps => train.BatchCount;

    private long TotalSteps => (long)Steps * options.SetEpochs;

    private long StepNumber => ((long)epoch * Steps) + batch;

    // A training that has all its epochs did not stop early, even where somebody asked it to stop.
    private bool StoppedEarly => stopAsked && epoch < options.SetEpochs;

    // Order and random numbers go on where those of the training before have ended.
    private long StepSeed(long number) => SeededOrder.StepSeed(options.SeedOrDefault, stepsBefore + number);

    private bool IsOver => epoch >= options.SetEpochs || stopAsked;

    // The remarks of Trainer state the law that this loop keeps.
    public TrainingReport Train(CancellationToken stop)
    {
        Resume();
        if (checkpoints.Path is { } path && !IsOver)
        {
            Checkpoint.CheckWritable(path);
        }

        step.GradientsObserver = GradientsReady;
        step.Stop = stop;
        foreach (var callback in callbacks)
        {
            callback.Starting(step, [.. history]);
        }

        clock.Start();
        while (!IsOver)
        {
            TrainEpoch(stop);
            EndEpoch(stop);
        }

        SetTraining(validation is null);
        Warn(validation is null ? null : best.NoneWasBest(history));
        bool restored = !bestWeights.IsEmpty && best.Epoch != history.Count;
        if (restored)
        {
            bestWeights.CopyTo(step);
        }

        int bestEpoch = best.Epoch == 0 ? history.Count : best.Epoch;
        return new(history, bestEpoch, restored, StoppedEarly, Seconds, (examplesBefore + examples) / Math.Max(1e-9, Seconds));
    }

    public void Dispose()
    {
        step.GradientsObserver = null;
        bestWeights.Dispose();
    }

    private void TrainEpoch(CancellationToken stop)
    {
        if (batch == 0)
        {
            (epochStarted, waitedBefore) = (Seconds, 0);
            waiting.Reset();
            step.RunningSums = new double[step.RunningSums.Length];
        }

        using var source = new BatchSource(train.Epoch(epochsBefore + epoch, batch), waiting);
        while (batch < Steps)
        {
            StopIfCancelled(stop);
            using (NewDisposeScope())
            {
                manual_seed(StepSeed(StepNumber));
                SetTraining(true);
                looks = 0;
                var result = step.Run(source, At(StepNumber));
                int taken = source.TakeCount();
                if (taken <= 0)
                {
                    throw new InvalidOperationException($"{step.GetType().Name} returned without drawing a batch, so "
                        + "the epoch would never end; a step draws at least one.");
                }

                batch += taken;
                examples += result.Examples;
                if (!double.IsFinite(result.Loss))
                {
                    throw new TrainingDivergedException(epoch + 1, batch, result.Loss);
                }
            }

            ReportProgress();
            if (clock.Elapsed - lastCheckpoint >= checkpoints.Interval)
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
            manual_seed(SeededOrder.StepSeed(options.SeedOrDefault, ~(epochsBefore + epoch)));
            SetTraining(false);
            figures = step.Evaluate(WhileNotCancelled(validation.Epoch(0), stop));
        }

        var at = At(((long)(epoch + 1) * Steps) - 1);
        var report = new EpochReport(epoch + 1, step.RunningMetrics, figures, at.LearningRateFactor, Seconds - epochStarted)
        {
            DataSeconds = DataSeconds,
        };
        history.Add(report);
        Warn(best.NotFinite(history));
        if (best.Judge(report, step.MayBeBest(at)) && options.RestoreBestWeights && validation is not null)
        {
            bestWeights.CopyFrom(step);
        }

        stopAsked = best.IsExhausted;
        foreach (var callback in callbacks)
        {
            stopAsked |= !callback.EpochEnded(report);
        }

        (epoch, batch) = (epoch + 1, 0);
        if (clock.Elapsed - lastCheckpoint >= CheckpointPlan.ShortestInterval || IsOver)
        {
            Save();
        }
    }

    // Callbacks may draw random numbers and set modes, but must not change the rest of the step. So generator and modes
    // are set anew, by another seed for each backward pass of a step.
    private void GradientsReady(StepPosition at)
    {
        foreach (var callback in callbacks)
        {
            callback.GradientsReady(step, at);
        }

        manual_seed(StepSeed(at.Step) + ++looks);
        SetTraining(true);
    }

    private StepPosition At(long number) => new(epoch, number, TotalSteps, options.Schedule.FactorAt(number, TotalSteps, epoch));

    private IEnumerable<Batch> WhileNotCancelled(IEnumerable<Batch> batches, CancellationToken stop)
    {
        using var source = new BatchSource(batches, waiting);
        while (source.Next() is { } rows)
        {
            StopIfCancelled(stop);
            yield return rows;
        }
    }

    private void StopIfCancelled(CancellationToken stop)
    {
        if (!stop.IsCancellationRequested)
        {
            return;
        }

        WriteCheckpoint();
        try
        {
            TellOfCheckpoint();
        }
        catch (Exception e)
        {
            // The cancellation is what the caller has asked for. A callback may fail because of it.
            throw new OperationCanceledException(
                $"The training was cancelled. A callback that was told of the checkpoint failed: {e.Message}", e, stop);
        }

        stop.ThrowIfCancellationRequested();
    }

    private void ReportProgress()
    {
        if (callbacks.Count == 0)
        {
            return;
        }

        double done = StepNumber, all = TotalSteps;
        var progress = new TrainingProgress(
            epoch + 1,
            options.SetEpochs,
            batch,
            Steps,
            step.RunningMetrics.GetValueOrDefault("loss", double.NaN),
            examples / Math.Max(1e-9, clock.Elapsed.TotalSeconds),
            TimeSpan.FromSeconds(Math.Min(Seconds / done * (all - done), 1e8)));
        foreach (var callback in callbacks)
        {
            callback.StepEnded(progress);
        }
    }

    private void Warn(string? problem)
    {
        if (problem is not null)
        {
            Tell($"warning: {problem}");
        }
    }

    private void Tell(string message)
    {
        foreach (var callback in callbacks)
        {
            callback.Message(message);
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

using System.Diagnostics;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>The training loop: owns time, data order, schedule, callbacks, checkpoints and cancellation; what a step does is the <see cref="TrainingStep"/>'s.</summary>
/// <param name="options">Epochs, schedule, monitoring; the step has its own copy for the rest.</param>
/// <param name="callbacks">Take part in order.</param>
public sealed class Trainer(TrainingOptions options, params IReadOnlyList<Callback> callbacks)
{
    private const string RandomState = "random";

    /// <summary>Where checkpoints are kept; <see langword="null"/> keeps none. If the file is there, training continues from it, bit for bit.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>What the checkpoint belongs to: anything that names network, options and data. A checkpoint of another is refused.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Time between checkpoints; one is also written after each epoch and on cancellation. 30 seconds: what a killed run loses at most.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains.</summary>
    /// <param name="step">The kind of training, with its networks.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data; <see langword="null"/> for none.</param>
    /// <param name="stop">Cancels: a checkpoint is kept where <see cref="CheckpointPath"/> is set.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or not a number.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another training.</exception>
    public TrainingReport Fit(TrainingStep step, IBatches train, IBatches? validation = null, CancellationToken stop = default)
    {
        options.Validate();
        if (train.ExampleCount == 0)
        {
            throw new InvalidOperationException("The training data is empty: no row has a label and features.");
        }

        using var session = TorchSession.Enter(threads: options.Threads, stop: stop);
        return new Run(this, step, train, validation is { ExampleCount: > 0 } ? validation : null).Train(stop);
    }

    /// <summary>One training under way.</summary>
    private sealed class Run(Trainer owner, TrainingStep step, IBatches train, IBatches? validation)
    {
        private readonly TrainingOptions options = owner.Options;
        private readonly List<EpochReport> history = [];
        private readonly Stopwatch clock = new();
        private readonly List<(string Name, Tensor Tensor)> best = [];
        private double secondsBefore;
        private long examplesBefore;
        private long examples;
        private int epoch;
        private int batch;
        private int bestEpoch;
        private double bestValue = double.NaN;
        private bool stoppedEarly;
        private TimeSpan nextCheckpoint;

        private double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

        public TrainingReport Train(CancellationToken stop)
        {
            Resume();
            clock.Start();
            nextCheckpoint = owner.CheckpointInterval;
            try
            {
                while (epoch < options.Epochs && !stoppedEarly)
                {
                    TrainEpoch(stop);
                }

                bool restored = options.RestoreBestWeights && validation is not null && bestEpoch != history.Count;
                if (restored)
                {
                    Copy(best, Weights());
                }

                return new(history, bestEpoch, restored, stoppedEarly, Seconds, (examplesBefore + examples) / Math.Max(1e-9, history.Sum(e => e.Seconds)));
            }
            finally
            {
                foreach (var (_, tensor) in best)
                {
                    tensor.Dispose();
                }
            }
        }

        private void TrainEpoch(CancellationToken stop)
        {
            double started = Seconds;
            SetTraining(true);
            if (batch == 0)
            {
                step.RunningSums = new double[step.RunningSums.Length];
            }

            int steps = train.BatchCount;
            long total = (long)steps * options.Epochs;
            using (var source = new Source(train.Epoch(epoch, batch)))
            {
                while (batch < steps)
                {
                    if (stop.IsCancellationRequested)
                    {
                        Save();
                        stop.ThrowIfCancellationRequested();
                    }

                    using (NewDisposeScope())
                    {
                        var result = step.Run(source, options.Schedule.FactorAt(((long)epoch * steps) + batch, total));
                        batch += source.TakeCount();
                        examples += result.Examples;
                        if (!double.IsFinite(result.Loss))
                        {
                            throw new TrainingDivergedException(epoch + 1, batch, result.Loss);
                        }
                    }

                    Report(steps);
                    if (clock.Elapsed >= nextCheckpoint)
                    {
                        Save();
                        nextCheckpoint = clock.Elapsed + owner.CheckpointInterval;
                    }
                }
            }

            EndEpoch(options.Schedule.FactorAt(((long)(epoch + 1) * steps) - 1, total), started);
        }

        private void EndEpoch(double factor, double started)
        {
            IReadOnlyDictionary<string, double> figures = new Dictionary<string, double>();
            if (validation is not null)
            {
                SetTraining(false);
                figures = step.Evaluate(validation.Epoch(0));
            }

            var report = new EpochReport(epoch + 1, step.RunningMetrics, figures, factor, Seconds - started);
            history.Add(report);
            Judge(report);
            foreach (var callback in owner.Callbacks)
            {
                stoppedEarly |= !callback.EpochEnded(report);
            }

            (epoch, batch) = (epoch + 1, 0);
            Save();
        }

        // Keeps the best epoch, and counts how long there was none better.
        private void Judge(EpochReport report)
        {
            if (validation is null)
            {
                bestEpoch = report.Epoch;
                return;
            }

            if (!report.Validation.TryGetValue(options.Monitor, out double value))
            {
                throw new InvalidOperationException($"training.monitor is '{options.Monitor}', which is no figure of this training; there are: {string.Join(", ", report.Validation.Keys)}.");
            }

            double gain = Metric.HigherIsBetter(options.Monitor) ? value - bestValue : bestValue - value;
            if (bestEpoch == 0 || gain > (options.EarlyStopping?.MinDelta ?? 0) || double.IsNaN(bestValue))
            {
                (bestEpoch, bestValue) = (report.Epoch, value);
                if (options.RestoreBestWeights)
                {
                    Keep();
                }
            }
            else if (options.EarlyStopping is { } early && report.Epoch - bestEpoch >= early.Patience)
            {
                stoppedEarly = true;
            }
        }

        private void Report(int steps)
        {
            if (owner.Callbacks.Count == 0)
            {
                return;
            }

            double done = ((double)epoch * steps) + batch, all = (double)steps * options.Epochs;
            var progress = new TrainingProgress(epoch + 1, options.Epochs, batch, steps, step.RunningMetrics["loss"],
                examples / Math.Max(1e-9, clock.Elapsed.TotalSeconds), TimeSpan.FromSeconds(Math.Min(Seconds / done * (all - done), 1e8)));
            foreach (var callback in owner.Callbacks)
            {
                callback.StepEnded(progress);
            }
        }

        private List<(string Name, Tensor Tensor)> Weights() =>
            [.. step.Networks.SelectMany(n => n.Value.Tensors.Select(t => ($"{n.Key}/{t.Name}", t.Tensor)))];

        private IEnumerable<(string Name, Tensor Tensor)> OptimizerState() =>
            step.Optimizers.SelectMany((o, i) => o.State.Select((t, j) => ($"optimizer{i}/{j}", t)));

        private void Keep()
        {
            if (best.Count == 0)
            {
                using var none = no_grad();
                best.AddRange(Weights().Select(w => ($"best/{w.Name}", w.Tensor.detach().clone().DetachFromDisposeScope())));
            }
            else
            {
                Copy(Weights(), best);
            }
        }

        private static void Copy(IEnumerable<(string Name, Tensor Tensor)> from, IEnumerable<(string Name, Tensor Tensor)> to)
        {
            using var none = no_grad();
            foreach (var (source, target) in from.Zip(to))
            {
                target.Tensor.copy_(source.Tensor);
            }
        }

        private void Save()
        {
            if (owner.CheckpointPath is not { } path)
            {
                return;
            }

            using var random = get_rng_state();
            Checkpoint.Write(path, new()
            {
                Fingerprint = owner.Fingerprint, Epoch = epoch, Batch = batch, OptimizerSteps = [.. step.Optimizers.Select(o => o.Steps)], RunningSums = step.RunningSums,
                History = history, BestEpoch = bestEpoch, BestValue = bestValue, StoppedEarly = stoppedEarly, Seconds = Seconds, Examples = examplesBefore + examples,
            }, [.. Weights(), .. OptimizerState(), (RandomState, random), .. best]);
        }

        private void Resume()
        {
            if (owner.CheckpointPath is not { } path || !File.Exists(path))
            {
                return;
            }

            using var random = get_rng_state();
            var state = Checkpoint.Read(path, owner.Fingerprint, stored =>
            {
                if (stored.Tensors.Any(t => t.Name.StartsWith("best/", StringComparison.Ordinal)))
                {
                    Keep();
                }

                return [.. Weights(), .. OptimizerState(), (RandomState, random), .. best];
            });
            set_rng_state(random);
            foreach (var (optimizer, steps) in step.Optimizers.Zip(state.OptimizerSteps))
            {
                optimizer.Steps = steps;
            }

            history.AddRange(state.History);
            (epoch, batch, step.RunningSums) = (state.Epoch, state.Batch, state.RunningSums);
            (bestEpoch, bestValue, stoppedEarly) = (state.BestEpoch, state.BestValue, state.StoppedEarly);
            (secondsBefore, examplesBefore) = (state.Seconds, state.Examples);
            foreach (var callback in owner.Callbacks)
            {
                callback.Message(batch == 0 ? $"Continuing after epoch {epoch}." : $"Continuing in epoch {epoch + 1} after {batch} of {train.BatchCount} steps.");
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

    private TrainingOptions Options => options;

    private IReadOnlyList<Callback> Callbacks => callbacks;

    /// <summary>Hands out an epoch's batches and counts them.</summary>
    private sealed class Source(IEnumerable<Batch> batches) : IBatchSource, IDisposable
    {
        private readonly IEnumerator<Batch> rows = batches.GetEnumerator();
        private int taken;

        public Batch? Next()
        {
            if (!rows.MoveNext())
            {
                return null;
            }

            taken++;
            return rows.Current;
        }

        public int TakeCount()
        {
            int count = taken;
            taken = 0;
            return count;
        }

        public void Dispose() => rows.Dispose();
    }
}

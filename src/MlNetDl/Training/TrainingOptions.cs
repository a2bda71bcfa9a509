using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Training;

/// <summary>How a network is trained: pure data, the same in C#, YAML and on the command line.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data, 1 or more.</summary>
    [AtLeast(1)]
    public int Epochs { get; init; } = 10;

    /// <summary>Examples a step, 1 or more; 128 keeps a CPU busy on small networks.</summary>
    [AtLeast(1)]
    public int BatchSize { get; init; } = 128;

    /// <summary>How weights move; Adam with its paper's settings, which needs the least tuning.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new Constant();

    /// <summary>What is done, in order; empty is one <see cref="Fit"/>.</summary>
    public ValueList<Stage> Stages { get; init; } = [];

    /// <summary>The kind of training; <see langword="null"/> takes the model's own: supervised, for a network.</summary>
    public StepSpec? Step { get; init; }

    /// <summary>What is minimised; <see langword="null"/> takes the task's: cross-entropy, binary cross-entropy, or mean squared error.</summary>
    public Loss? Loss { get; init; }

    /// <summary>Greatest norm of all gradients together; <see langword="null"/> does not clip.</summary>
    [Above(0)]
    public double? ClipNorm { get; init; }

    /// <summary>Share of the training data held out for validation, stratified by class; 0 holds nothing out. At most 0.9.</summary>
    [AtLeast(0), AtMost(0.9)]
    public double ValidationFraction { get; init; }

    /// <summary>Ends training when the monitored metric stops improving; <see langword="null"/> trains all epochs. Only with validation
    /// data; otherwise it does nothing, and a warning says so.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The figure of validation that early stopping and the choice of the best weights look at: <c>loss</c>;
    /// for classes also <c>accuracy</c>, for yes or no also <c>auc</c>, for values also <c>r2</c>. The loss is best when
    /// least, the others when greatest. An epoch whose figure is not a finite number is never the best.</summary>
    public string Monitor { get; init; } = "loss";

    /// <summary>Figures beside those that the task has by itself, in training, reports and evaluations; any of them can be monitored. None
    /// by default.</summary>
    public ValueList<Metric> Metrics { get; init; } = [];

    /// <summary>Whether the weights of the best epoch by <see cref="Monitor"/> are taken in the end. Only with validation data; otherwise
    /// the last ones are, and a warning says so.</summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>Weights of the classes in the loss by name, or <c>balanced</c>; by default all weigh the same. A class of weight 0 moves no
    /// weight, but its examples still count in the standardisation.</summary>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>Changes made to training inputs at random; none by default. Validation data is never changed.</summary>
    public ValueList<Augmentation.Augmentation> Augmentations { get; init; } = [];

    /// <summary>Seed of the weights, the order and the dropout. The same seed, data, threads and machine give the same weights, bit for
    /// bit. By default that of the ML.NET context, where it has one, else 1.</summary>
    public int? Seed { get; init; }

    /// <summary>The seed where none is given, so that a training gives the same weights when it runs again.</summary>
    public const int DefaultSeed = 1;

    internal int SeedOrDefault => Seed ?? DefaultSeed;

    /// <summary><c>auto</c> (CUDA where it is there), <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of an operation; <see langword="null"/> takes the physical cores. On a busy machine fewer are faster: threads that
    /// wait for each other spin.</summary>
    [AtLeast(1)]
    public int? Threads { get; init; }

    /// <summary>What activations are computed in.</summary>
    public Precision Precision { get; init; }

    /// <summary>Most rows in the shuffle buffer when data is streamed; 10,000. Fewer where these would take more than half of
    /// <see cref="MemoryBudgetMB"/> (or 32 MB, if that is more), but at least a batch.</summary>
    [AtLeast(1)]
    public int ShuffleBuffer { get; init; } = 10_000;

    /// <summary>Megabytes of features that are held in memory, validation data included; larger data is streamed. 1,024 by default; 0
    /// always streams. While rows are put together they take up to twice as much.</summary>
    [AtLeast(0)]
    public int MemoryBudgetMB { get; init; } = 1024;
}

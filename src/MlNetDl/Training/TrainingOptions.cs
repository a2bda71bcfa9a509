using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Training;

/// <summary>How a network is trained: pure data, the same in C#, YAML and on the command line.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data, 1 or more; by default as many as the data needs: about 1,000 steps, in 10 to 200 epochs
    /// (<see cref="TrainingLength"/>). For a table of few rows their number is found on folds of it.</summary>
    [AtLeast(1)]
    public int? Epochs { get; init; }

    /// <summary>Examples a step, 1 or more; by default 16 to 128, so that few examples make enough steps too
    /// (<see cref="TrainingLength"/>).</summary>
    [AtLeast(1)]
    public int? BatchSize { get; init; }

    /// <summary>The optimiser; by default Adam with its paper's settings, which needs the least tuning.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new Constant();

    /// <summary>The stages, in order; an empty list is one <see cref="Fit"/>.</summary>
    public ValueList<Stage> Stages { get; init; } = [];

    /// <summary>The kind of training; <see langword="null"/> takes the model's own: supervised, for a
    /// network.</summary>
    public StepSpec? Step { get; init; }

    /// <summary>The loss to minimise; <see langword="null"/> takes the task's: cross-entropy, binary cross-entropy, or
    /// mean squared error.</summary>
    public Loss? Loss { get; init; }

    /// <summary>Greatest norm of all gradients together; <see langword="null"/> does not clip.</summary>
    [Above(0)]
    public double? ClipNorm { get; init; }

    /// <summary>Share of the training data held out for validation, stratified by class; 0 holds nothing out.
    /// At most 0.9.</summary>
    [AtLeast(0), AtMost(0.9)]
    public double ValidationFraction { get; init; }

    /// <summary>Ends training when the monitored metric stops improving; <see langword="null"/> trains all epochs. It
    /// needs validation data; without, it does nothing and a warning says so.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The figure of validation that early stopping and the choice of the best weights look at: <c>loss</c>;
    /// for classes also <c>accuracy</c>, for yes or no also <c>auc</c>, for values also <c>r2</c>. The loss is best
    /// when least, the others when greatest. An epoch whose figure is not a finite number is never the best. In C# a metric, which
    /// then is a figure of the training, or a name.</summary>
    public MonitoredFigure Monitor { get; init; } = MonitoredFigure.Loss;

    /// <summary>Further figures beside the task's own, in training, reports and evaluations; none by default. Any of
    /// them can be monitored.</summary>
    public ValueList<Metric> Metrics { get; init; } = [];

    /// <summary>Whether training ends with the weights of the best epoch by <see cref="Monitor"/>. It needs validation
    /// data; without, the last weights stay and a warning says so.</summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>Weights of the classes in the loss by name, or <c>balanced</c>; by default all weigh the same. Examples
    /// of a class of weight 0 do not train the network, but they count in the standardisation.</summary>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>Changes made to training inputs at random; none by default. Validation data is never changed.</summary>
    public ValueList<Augmentation.Augmentation> Augmentations { get; init; } = [];

    /// <summary>Seed of the weights, the order and the dropout. The same seed, data, threads and machine give the same
    /// weights, bit for bit. By default the seed of the ML.NET context, or 1 without one.</summary>
    public int? Seed { get; init; }

    /// <summary>The seed where none is given, so that a training gives the same weights when it runs again.</summary>
    public const int DefaultSeed = 1;

    internal int SeedOrDefault => Seed ?? DefaultSeed;

    /// <summary>The passes of options in which they are set.</summary>
    internal int SetEpochs => Epochs ?? throw new InvalidOperationException("The epochs are chosen where the data is known.");

    /// <summary>The size of batches of options in which it is set.</summary>
    internal int SetBatchSize => BatchSize ?? throw new InvalidOperationException("The size of batches is chosen where the data is known.");

    /// <summary><c>auto</c> (CUDA if present), <c>cpu</c>, <c>cuda</c>, or <c>cuda:1</c> for a device by its number.</summary>
    public TrainingDevice Device { get; init; } = TrainingDevice.Auto;

    /// <summary>Threads of an operation; <see langword="null"/> takes the physical cores. On a busy machine fewer are
    /// faster: threads that wait for each other spin.</summary>
    [AtLeast(1)]
    public int? Threads { get; init; }

    /// <summary>The number type of activations.</summary>
    public Precision Precision { get; init; }

    /// <summary>The most rows in the shuffle buffer when data is streamed; 10,000 by default. The buffer holds fewer
    /// where these would take more than half of <see cref="MemoryBudgetMB"/> (or 32 MB, if that is more), but at least
    /// a batch.</summary>
    [AtLeast(1)]
    public int ShuffleBuffer { get; init; } = 10_000;

    /// <summary>Megabytes of features of an <see cref="Microsoft.ML.IDataView"/> to hold in memory, validation data included; 1,024 by default.
    /// Larger data is streamed, and 0 always streams. While the rows are joined they take up to twice as much. Folders and lists of
    /// images have a budget of their own: <c>data.memoryBudgetMB</c>, or a <see cref="Data.MemoryBudget"/>.</summary>
    [AtLeast(0)]
    public int MemoryBudgetMB { get; init; } = 1024;
}

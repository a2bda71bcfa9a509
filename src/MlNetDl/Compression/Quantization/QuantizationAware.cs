using MlNetDl.Configuration;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Compression;

/// <summary>Training of a network with rounded weights and values, so that it learns to bear the rounding (Jacob et al. 2018,
/// arXiv:1712.05877, section 3). What is trained is what is saved.</summary>
public sealed record QuantizationAware : ICheckedRecord
{
    // A fitted network moves little; at the rate of its training it would be lost without its normalisations.
    private const double RateShare = 0.01;

    /// <summary>Passes over the data, 1 or more; 1 by default.</summary>
    [AtLeast(1)]
    public int Epochs { get; init; } = 1;

    /// <summary>How weights move; <see langword="null"/>, the default, takes the training's optimiser with a hundredth of its learning
    /// rate.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>How the learning rate changes; <see cref="Cosine"/> by default, to 0 at the end.</summary>
    public Schedule Schedule { get; init; } = new Cosine();

    /// <summary>Where ranges of values and scales of weights come from while it trains.</summary>
    public RangeLearning Ranges { get; init; } = RangeLearning.MovingAverage;

    /// <summary>How much of a range stays at each step where it is a moving average, 0 to 1 (exclusive); 0.99 by default, which looks
    /// back over about a hundred steps.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; } = 0.99;

    /// <inheritdoc/>
    IEnumerable<RecordProblem> ICheckedRecord.Problems() => Ranges == RangeLearning.Learned && !Momentum.Equals(new QuantizationAware().Momentum)
        ? [new("momentum", "is of ranges that follow a moving average; leave it out with ranges: learned.")]
        : [];

    /// <summary>Trains a model, and returns it with the scheme that it has learnt.</summary>
    internal (TrainedModel Model, QuantizationScheme Scheme) Train(StageContext context, TrainedModel model, QuantizationScheme scheme)
    {
        var optimizer = Optimizer ?? Slower(context.Options.Optimizer);
        var map = new QuantizedMap(model.Networks.Values.Single().Plan(), model.Weights.Values.Single(), scheme.Keep);
        var options = context.Options with
        {
            Epochs = Epochs,
            Optimizer = optimizer,
            Schedule = Schedule,
            Precision = Layers.Contracts.Precision.Float32,   // What is simulated is what is saved.
        };
        RoundedTraining hook = Ranges == RangeLearning.Learned ? new LearnedSteps(scheme, map) : new FollowedRanges(scheme, map, Momentum);
        var trained = context.Fit(model, options, hook);
        return (trained, hook.Learnt);
    }

    private static Optimizer Slower(Optimizer optimizer) => optimizer is WrappingOptimizer wrapping
        ? wrapping with { Base = Slower(wrapping.Base), LearningRate = wrapping.LearningRate * RateShare }
        : optimizer with { LearningRate = optimizer.LearningRate * RateShare };
}

/// <summary>Where ranges of values come from while a network is trained with rounded numbers.</summary>
public enum RangeLearning
{
    /// <summary>Ranges of values follow the batches' extremes, scales of weights the weights.</summary>
    MovingAverage,

    /// <summary>Scales of values and weights are trained by gradients of their own: learned step size quantisation, LSQ (Esser et al.
    /// 2020, arXiv:1902.08153).</summary>
    Learned,
}

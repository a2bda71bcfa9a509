using System.Globalization;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>An optimiser that prepares the gradients and lets another one move the weights.</summary>
/// <remarks>The learning rate and the decay belong to <see cref="Base"/>, because its rule uses them. This optimiser
/// passes them on: to the training, the schedule and <see cref="OptimizerRun"/>. A value that is set here must be that
/// of <see cref="Base"/>, so that no learning rate goes unused.</remarks>
public abstract record WrappingOptimizer : Optimizer
{
    private readonly double? learningRate, weightDecay;
    private readonly bool? decayVectors;

    /// <summary>The optimiser that moves the weights, with the learning rate and the decay; stochastic gradient descent
    /// with momentum by default.</summary>
    public Optimizer Base { get; init; } = new Sgd();

    /// <summary>Step size α of <see cref="Base"/>; set it there.</summary>
    [PassedOn]
    public sealed override double LearningRate
    {
        get => learningRate ?? Base.LearningRate;
        init => learningRate = value;
    }

    /// <summary>Weight decay λ of <see cref="Base"/>; set it there.</summary>
    [PassedOn]
    public sealed override double WeightDecay
    {
        get => weightDecay ?? Base.WeightDecay;
        init => weightDecay = value;
    }

    /// <summary>Whether biases and scales decay in <see cref="Base"/>; set it there.</summary>
    public sealed override bool DecayVectors
    {
        get => decayVectors ?? Base.DecayVectors;
        init => decayVectors = value;
    }

    /// <inheritdoc/>
    public override int Slots => Base.Slots;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at) => Base.Update(at);

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        (string Key, string Here, string There)[] values =
        [
            ("learningRate", Text(LearningRate), Text(Base.LearningRate)),
            ("weightDecay", Text(WeightDecay), Text(Base.WeightDecay)),
            ("decayVectors", DecayVectors ? "true" : "false", Base.DecayVectors ? "true" : "false"),
        ];
        return values.Where(v => v.Here != v.There).Select(v => new RecordProblem(
            v.Key,
            $"is {v.Here}, but the optimizer in 'base', which moves the weights, has {v.There}; set base.{v.Key} and leave this key out."));

        static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether both are of one type and have the same values, wherever they were set.</summary>
    public virtual bool Equals(WrappingOptimizer? other) => other is not null && EqualityContract == other.EqualityContract
        && (Base, LearningRate, WeightDecay, DecayVectors)
            .Equals((other.Base, other.LearningRate, other.WeightDecay, other.DecayVectors));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Base, LearningRate, WeightDecay, DecayVectors);
}

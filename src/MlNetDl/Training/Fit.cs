using MlNetDl.Configuration;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Training;

/// <summary>Trains the whole model. The training's options give what is not stated here.</summary>
public sealed record Fit : Stage
{
    /// <summary>Passes over the data, 1 or more; <see langword="null"/> takes <c>training.epochs</c>.</summary>
    [AtLeast(1)]
    public int? Epochs { get; init; }

    /// <summary>How weights move; <see langword="null"/> takes <c>training.optimizer</c>.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>How the learning rate changes; <see langword="null"/> takes <c>training.schedule</c>.</summary>
    public Schedule? Schedule { get; init; }

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context) => context.Fit(context.Model, Over(context.Options));

    /// <summary>The training's options with what is stated here in their place.</summary>
    public TrainingOptions Over(TrainingOptions training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return training with
        {
            Epochs = Epochs ?? training.Epochs,
            Optimizer = Optimizer ?? training.Optimizer,
            Schedule = Schedule ?? training.Schedule,
        };
    }
}

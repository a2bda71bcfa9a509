using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>A stage that measures the <see cref="LayerSensitivity"/> of the model at its place, and leaves the model as it is. It is
/// for C#; <c>mldl compress --sensitivity</c> does the same for saved models.</summary>
public sealed record SensitivityProbe : Stage
{
    private LayerSensitivity? found;
    private long trainingExamples;

    /// <summary>How it is measured.</summary>
    public SensitivityOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (found, trainingExamples) = (LayerSensitivity.Of(context, Options), context.Data.ExampleCount);
        return context.Model;
    }

    /// <summary>What the stage has measured when it last ran.</summary>
    /// <param name="trainingExamples">How many examples there were to train on, beside those that were held out.</param>
    /// <exception cref="InvalidOperationException">It has not run.</exception>
    public LayerSensitivity Measured(out long trainingExamples)
    {
        trainingExamples = this.trainingExamples;
        return found ?? throw new InvalidOperationException("The stage has not run yet; fit the trainer that has it among its stages.");
    }
}

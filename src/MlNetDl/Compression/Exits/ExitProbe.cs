using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>A stage that measures the <see cref="ExitReport"/> of the model at its place, and leaves the model as it is. It is for C#;
/// <c>mldl compress --exits</c> does the same for saved models.</summary>
public sealed record ExitProbe : Stage
{
    private ExitReport? found;
    private long trainingExamples;

    /// <inheritdoc/>
    public override bool? Trains => false;

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ExitedRows.Refuse(context, "A report of exits");
    }

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (found, trainingExamples) = (ExitReport.Of(context), context.Data.ExampleCount);
        return context.Model;
    }

    /// <summary>What the stage has measured when it last ran.</summary>
    /// <param name="examples">How many examples there were to train on, beside those that were held out.</param>
    /// <exception cref="InvalidOperationException">It has not run.</exception>
    public ExitReport Measured(out long examples)
    {
        examples = trainingExamples;
        return found ?? throw new InvalidOperationException("The stage has not run yet; fit the trainer that has it among its stages.");
    }
}

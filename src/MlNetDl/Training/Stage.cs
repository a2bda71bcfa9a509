using MlNetDl.Configuration;

namespace MlNetDl.Training;

/// <summary>One step of a training's recipe: a fit, and what comes after it, such as pruning or quantisation. Pure data; what
/// <c>training.stages</c> lists.</summary>
/// <remarks>Stages run in order, each on what the one before left. A recipe without stages is one <see cref="Fit"/>.</remarks>
public abstract record Stage : ICheckedRecord
{
    /// <summary>Works on the model as it is, and returns it as it is then.</summary>
    public abstract TrainedModel Run(StageContext context);

    /// <summary>What tells this stage from another with the same members, such as the digest of a file that it names; part of every later
    /// checkpoint's identity. Nothing by default.</summary>
    public virtual string Identity() => "";

    /// <summary>What is wrong with it beside the ranges of its members: rules between them. Nothing by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>A stage that takes part in the training of the stage before it (distillation, masks, fake quantisation), instead of following it.</summary>
public abstract record FitHook : Stage
{
    /// <summary>Starts a hook, once for each training that the stage before it runs; the training frees it.</summary>
    public abstract StepHook Start(StageContext context);

    /// <inheritdoc/>
    public sealed override TrainedModel Run(StageContext context) => context.Model;
}

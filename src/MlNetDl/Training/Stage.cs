using MlNetDl.Configuration;

namespace MlNetDl.Training;

/// <summary>One stage of a recipe: a fit, or work after it such as pruning or quantisation. It is pure data, an item of
/// <c>training.stages</c>.</summary>
/// <remarks>Stages run in order. Each gets the model that the one before returned. A recipe without stages is one <see
/// cref="Fit"/>.</remarks>
public abstract record Stage : ICheckedRecord
{
    /// <summary>Works on the model, and returns the model for the next stage.</summary>
    public abstract TrainedModel Run(StageContext context);

    /// <summary>Refuses what cannot be done, before anything is trained; does nothing by default.</summary>
    /// <param name="context">The model and the data at the beginning of the recipe. Stages before this one may change the
    /// model still; names of its layers stay.</param>
    /// <exception cref="ArgumentException">The stage does not suit the model or the data; the message says what
    /// does.</exception>
    public virtual void Check(StageContext context)
    {
    }

    /// <summary>Whether the networks keep their trees, so that their size is known before they are trained. No by default,
    /// which is always right.</summary>
    public virtual bool KeepsNetworks => false;

    /// <summary>Whether the stage trains, so that hooks behind it have a training to take part in; <see langword="null"/> where
    /// only its run tells, which is the default.</summary>
    public virtual bool? Trains => null;

    /// <summary>Whether it leaves integers in the scoring graphs, so that no stage can work on the weights any more: such a stage is
    /// the last. No by default.</summary>
    public virtual bool IsLast => false;

    /// <summary>Whether a saved model that it leaves has the weights that a training can continue from. Yes by default, but not where
    /// it <see cref="IsLast"/>.</summary>
    public virtual bool KeepsFloatWeights => !IsLast;

    /// <summary>Distinguishes this stage from another with the same members, for example by the digest of a file that
    /// it names. It is part of every later checkpoint's identity; empty by default.</summary>
    public virtual string Identity() => "";

    /// <summary>The same stage by paths that mean the same in every folder: what a run's configuration says. Relative
    /// paths count from the current folder. Itself by default, for a stage without paths.</summary>
    public virtual Stage WithFullPaths() => this;

    /// <summary>The same stage without its paths, where <see cref="Identity"/> says what lies there: what counts when two are
    /// compared, so that a project can be moved. Itself by default, for a stage without paths.</summary>
    public virtual Stage WithoutPaths() => this;

    /// <summary>The problems that declared ranges cannot express, such as rules between members; none by
    /// default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>A stage that takes part in the training of the stage before it, instead of following it: distillation,
/// masks, fake quantisation.</summary>
public abstract record FitHook : Stage
{
    /// <summary>Starts a hook for one training of the stage before it. The training frees the hook.</summary>
    public abstract StepHook Start(StageContext context);

    /// <inheritdoc/>
    public sealed override TrainedModel Run(StageContext context) => context.Model;
}

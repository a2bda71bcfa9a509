using MlNetDl.Configuration;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>A saved model that is to become smaller: which stages are applied to it, on which data.</summary>
public sealed record CompressionJob : ICheckedRecord
{
    /// <summary>The model's <c>.zip</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The data, of any kind. Stages train on its training part; the test part judges.</summary>
    public required DataSource Data { get; init; }

    /// <summary>How stages train where they do not say otherwise. <see cref="OptionsOf"/> has those that the model was trained
    /// with.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The stages, in order; one at least where there is no <see cref="Target"/>. One without a training is
    /// allowed.</summary>
    public ValueList<Stage> Stages { get; init; } = [];

    /// <summary>How small the model is to become, instead of stages: <c>parameters</c>, <c>macs</c>, <c>bytes</c> (of the
    /// <c>.onnx</c>) or <c>latencyMs</c> (of one row on one thread of this machine), such as <c>macs &lt;= 1e6</c>. Each score of
    /// channels that suits the model is tried; none by default.</summary>
    public string? Target { get; init; }

    /// <summary>The training of each try of a <see cref="Target"/>; one epoch by default, after which scores can be told
    /// apart.</summary>
    public Fit FineTune { get; init; } = new() { Epochs = 1 };

    /// <summary>Another saved model, such as a teacher, with whose predictions those of the smaller one are compared too; none by
    /// default.</summary>
    public string? Agree { get; init; }

    /// <summary>The options of a model's last training, without its stages; defaults where the model does not know them.</summary>
    /// <exception cref="ConfigurationException">They name something that is not registered here.</exception>
    public static TrainingOptions OptionsOf(Models.ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Training?.ReadOptions() ?? new();
    }

    /// <summary>The same options with rows held out: a fifth where they hold none out.</summary>
    internal static TrainingOptions HoldingOut(TrainingOptions training) =>
        training.ValidationFraction > 0 ? training : training with { ValidationFraction = 0.2 };

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if ((Stages.Count == 0) == (Target is null))
        {
            yield return new("stages", Target is null ? "are empty, so nothing would change; name one, such as filterPruning."
                : "go without a target, for which stages are looked for; leave one of the two out.");
        }

        if (Target is not null && SizeTarget.Problem(Target) is { } wrong)
        {
            yield return new("target", wrong);
        }

        if (Training.Stages.Count > 0)
        {
            yield return new("training.stages", "must be left out; the stages stand in stages.");
        }

        foreach (var problem in ProblemsOf(Stages))
        {
            yield return problem;
        }
    }

    /// <summary>Problems of the order of stages, of which the first has a fitted model before it.</summary>
    public static IEnumerable<RecordProblem> ProblemsOf(ValueList<Stage> stages)
    {
        if (stages is [FitHook hook, ..])
        {
            var name = StageOrder.NameOf(hook);
            yield return new("stages[0]", $"is {name}, which takes part in the training of the stage before it, and there is none; put a fit "
                + $"before it: --stage \"fit(epochs=3)\" --stage \"{name}(…)\".");
        }
        else if (StageOrder.Problem(stages, before: []) is { } problem)
        {
            yield return problem with { Path = problem.Path["training.".Length..] };
        }
    }
}

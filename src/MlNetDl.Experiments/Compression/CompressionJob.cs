using MlNetDl.Configuration;
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

    /// <summary>The stages, in order; one at least. One without a training is allowed.</summary>
    public required ValueList<Stage> Stages { get; init; }

    /// <summary>Another saved model, such as a teacher, with whose predictions those of the smaller one are compared too; none by
    /// default.</summary>
    public string? Agree { get; init; }

    /// <summary>The options of a model's last training, without its stages; defaults where the model does not know them.</summary>
    /// <exception cref="ConfigurationException">They name something that is not registered here.</exception>
    public static TrainingOptions OptionsOf(Models.ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return (manifest.Training?.Options is { } options ? RecordJson.Deserialize<TrainingOptions>(options.GetRawText()) : new()) with
        {
            Stages = [],
        };
    }

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Stages.Count == 0)
        {
            yield return new("stages", "are empty, so nothing would change; name one, such as filterPruning.");
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
            var name = Catalogs.Stages.EntryOf(hook.GetType())?.Name ?? hook.GetType().Name;
            yield return new("stages[0]", $"is {name}, which takes part in the training of the stage before it, and there is none; put a fit "
                + $"before it: --stage \"fit(epochs=3)\" --stage \"{name}(…)\".");
        }
    }
}

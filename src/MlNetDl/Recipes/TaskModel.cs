using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>Refuses models that do not suit a task.</summary>
internal static class TaskModel
{
    /// <summary>Refuses a model that needs labels for a task that has none to learn from.</summary>
    /// <param name="task">The task.</param>
    /// <param name="model">The model; <see langword="null"/> where none is named.</param>
    /// <exception cref="ArgumentException">The model needs labels.</exception>
    public static void Check(LearningTask? task, ModelSpec? model)
    {
        if (task is not { LearnsFromLabels: false } || model is not (null or NetworkSpec or { ConditionLabel: not null }))
        {
            return;
        }

        var why = model switch
        {
            null => "no model is named",
            NetworkSpec => $"{model.GetType().Name} is trained with them",
            _ => $"{model.GetType().Name} is told the class of each row; leave its condition out",
        };
        throw new ArgumentException(
            $"{task.GetType().Name} learns without labels, but {why}. "
                + $"Take an autoencoder: new Vae() or new Autoencoder(), in YAML network: {{ type: vae }} or {{ type: autoencoder }}.");
    }
}

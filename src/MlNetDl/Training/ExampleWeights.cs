using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>How much the examples of a batch count in the loss: their own weights times those of their classes.</summary>
internal static class ExampleWeights
{
    /// <summary>The weight of each class as a tensor; <see langword="null"/> where all count alike.</summary>
    public static Tensor? OfClasses(ClassWeights weights, LearningTask task, LabelInfo label, IReadOnlyList<double> counts, Device device) =>
        weights.IsNone ? null : tensor(weights.For(Names(weights, task.Label, label), counts).Select(w => (float)w).ToArray(), device: device);

    /// <summary>The weights of a batch; <see langword="null"/> where all count alike.</summary>
    public static Tensor? Of(Batch batch, Tensor targets, LearningTask task, Tensor? classWeights)
    {
        if (classWeights is null)
        {
            return batch.Weights;
        }

        var classes = task.Label.ClassesOf(targets) ?? throw new InvalidOperationException($"{task.GetType().Name} has names of classes, "
            + $"but does not say which class a target is of (LabelForm.ClassesOf).");
        var weights = classWeights.index_select(0, classes);
        return batch.Weights is null ? weights : weights * batch.Weights;
    }

    // Yes and no may always be called true and false, as in files from before data named them. A class of that name comes first.
    private static IReadOnlyList<string> Names(ClassWeights weights, LabelForm form, LabelInfo label)
    {
        var (names, plain) = (form.Classes(label), form.Classes(label with { YesNoNames = null }));
        bool arePlain = weights.Named.All(w => plain.Contains(w.Class)) && !weights.Named.Any(w => names.Contains(w.Class));
        return arePlain ? plain : names;
    }
}

using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>The network that learns from a teacher, with its task and its label.</summary>
/// <param name="Plan">The network.</param>
/// <param name="Task">The task.</param>
/// <param name="Label">The label.</param>
/// <param name="Scale">How target values are standardised.</param>
/// <param name="Width">The network's outputs: classes, 1 for yes or no, labels, or values.</param>
internal sealed record StudentSide(Plan Plan, LearningTask Task, LabelInfo Label, TargetScale Scale, int Width)
{
    /// <summary>The form of the scores.</summary>
    public ScoreForm Form => Task.Scores;

    /// <summary>The inputs of the network.</summary>
    public ValueList<NetworkInput> Inputs => Plan.Network.Inputs;

    /// <summary>The student of a stage.</summary>
    /// <exception cref="ArgumentException">The model is none that can learn from a teacher; the message says
    /// why.</exception>
    public static StudentSide Of(StageContext context)
    {
        var task = context.Task ?? throw new ArgumentException("A student compares its scores with a teacher's, but this model is "
            + "trained without labels, so it has no task that says what scores are; leave 'distilled' and 'bornAgain' out.");
        if (context.Model.Networks.Count != 1)
        {
            throw new ArgumentException($"A teacher teaches one network, but the model has {context.Model.Networks.Count}: "
                + $"{string.Join(", ", context.Model.Networks.Keys)}.");
        }

        var plan = context.Model.Networks.Values.First().Plan();
        var output = plan.Outputs[0].Shape;
        bool isKnown = (task.Scores, task.ScoringLayer(context.Scale)) is (ScoreForm.Probabilities, Softmax)
            or (ScoreForm.Logit or ScoreForm.Logits, Tap or Identity) or (ScoreForm.Values, Identity or Denormalize);
        if (!isKnown || output.Rank != 2 || output[1].Size is null)
        {
            throw new ArgumentException($"The network gives {output}, of which {task.GetType().Name} makes scores by "
                + $"{task.ScoringLayer(context.Scale).GetType().Name}. A teacher teaches logits of classes [N, K] whose softmax is the "
                + "score, one logit of yes [N, 1], logits of labels [N, K], or values [N, K].");
        }

        return new(plan, task, context.Label, context.Scale, output.Size(1));
    }

    /// <summary>A task's name in messages.</summary>
    public static string NameOf(LearningTask? task) =>
        task is null
            ? "no labels"
            : CatalogRegistry.For(typeof(LearningTask))?.EntryOf(task.GetType())?.Name ?? task.GetType().Name;

    /// <summary>The problem of a teacher's input; <see langword="null"/> where the student takes the same.</summary>
    /// <param name="teacher">The shapes that the teacher takes; <see langword="null"/> for one that its file does not
    /// tell.</param>
    public string? Misfit(IReadOnlyList<Shape?> teacher)
    {
        if (teacher.Count != Inputs.Count)
        {
            return $"takes {teacher.Count} inputs, the student {Inputs.Count} ({string.Join(", ", Inputs.Select(i => i.Shape))})";
        }

        for (int i = 0; i < teacher.Count; i++)
        {
            if (teacher[i] is { } shape && !Suits(shape, Inputs[i].Shape))
            {
                return $"takes {shape}, the student {Inputs[i].Shape}";
            }
        }

        return null;
    }

    private static bool Suits(Shape teacher, Shape student) => teacher.Type == student.Type && teacher.Rank == student.Rank
        && teacher.Dims.Zip(student.Dims).Skip(1).All(d => d.First.Size is not { } a || d.Second.Size is not { } b || a == b);
}

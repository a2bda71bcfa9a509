using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The distance between a student's outputs and a teacher's answers.</summary>
/// <remarks>The factor T² keeps the size of the gradients when the temperature changes (Hinton et al. 2015,
/// arXiv:1503.02531, section 2): the gradient at a class's output is T·(softmax(s/T) − softmax(t/T)).</remarks>
internal static class SoftTargets
{
    // The least normal float, as losses have it: a batch whose examples all weigh 0 has the distance 0.
    private const float LeastWeight = 1.17549435e-38f;

    /// <summary>The mean distance of a batch, a scalar; with weights Σ wᵢ·dᵢ / Σ wᵢ.</summary>
    /// <param name="form">The form of the task's scores.</param>
    /// <param name="student">The student's outputs, float32 [N, K]; gradients flow through them.</param>
    /// <param name="teacher">The teacher's answers in the same form, float32 [N, K]: logits up to a constant a row, or
    /// values.</param>
    /// <param name="temperature">The temperature T; values have none.</param>
    /// <param name="weights">Weights of the examples, float32 [N].</param>
    public static Tensor Mean(ScoreForm form, Tensor student, Tensor teacher, double temperature, Tensor? weights) => MeanOf(
        form switch
        {
            ScoreForm.Probabilities => OfClasses(student.Div(temperature), teacher.Div(temperature)).Mul(temperature * temperature),
            ScoreForm.Logit or ScoreForm.Logits => OfYes(student.Div(temperature), teacher.Div(temperature)).Mul(temperature * temperature),
            _ => SquaredDifference(student, teacher),
        },
        weights);

    /// <summary>The mean of (x − y)² over the values of each example, [N].</summary>
    public static Tensor SquaredDifference(Tensor student, Tensor teacher) => (student - teacher).Pow(2).flatten(1).mean([1]);

    /// <summary>The mean over the examples, a scalar.</summary>
    /// <param name="each">A value of each example, [N].</param>
    /// <param name="weights">Weights of the examples, float32 [N].</param>
    public static Tensor MeanOf(Tensor each, Tensor? weights) =>
        weights is null ? each.mean() : (each * weights).sum() / weights.sum().ClampMin(LeastWeight);

    // KL(q ‖ p) = Σ q·(log q − log p).
    private static Tensor OfClasses(Tensor student, Tensor teacher)
    {
        var taught = nn.functional.log_softmax(teacher, 1);
        return (taught.exp() * (taught - nn.functional.log_softmax(student, 1))).sum(1);
    }

    // The same of the two classes yes and no, whose logits are z and 0; of several labels, their mean, as in the loss.
    private static Tensor OfYes(Tensor student, Tensor teacher) => Part(student, teacher).Add(Part(-student, -teacher)).mean([1]);

    private static Tensor Part(Tensor student, Tensor teacher) =>
        teacher.sigmoid() * (nn.functional.logsigmoid(teacher) - nn.functional.logsigmoid(student));
}

using MlNetDl.Metrics;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>A loss with outputs and targets that it compares: two rows or more.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Outputs">The network's outputs, [N, K].</param>
/// <param name="Targets">The targets: <c>long[]</c> classes, [N], or <c>float[,]</c> values, [N, W].</param>
public sealed record LossSample(Loss Loss, float[,] Outputs, Array Targets)
{
    /// <summary>Which whole numbers among the settings cannot be meant; by default none, as a class to ignore
    /// may be any.</summary>
    internal static int? NoWholeNumber => null;

    /// <summary>A sample for a loss that says by <see cref="Loss.Takes"/> for which scores it is: classes, yes or no,
    /// or two values a row.</summary>
    /// <exception cref="ArgumentException">It is for several kinds of scores, so that outputs and targets
    /// must be given.</exception>
    public static LossSample Of(Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        var forms = Enum.GetValues<ScoreForm>().Where(loss.Takes).ToList();
        return forms switch
        {
            [ScoreForm.Probabilities] => new(loss, new[,] { { 1, 2, 3 }, { 0.5f, -1, 2 }, { -0.3f, 0.1f, 0.8f } }, (long[])[2, 0, 1]),
            [ScoreForm.Logit] or [ScoreForm.Logit, ScoreForm.Logits] => new(loss, new[,] { { 1.5f }, { -2 }, { 0.4f } }, new float[,] { { 1 }, { 0 }, { 0 } }),
            [ScoreForm.Values] => new(
                loss, new[,] { { 1, 4 }, { -2, 0.3f }, { 0.7f, -3 } }, new[,] { { 0.5f, 1 }, { 0, 1 }, { -1, 2.5f } }),
            [ScoreForm.Logits] => new(loss, new[,] { { 1.5f, -0.2f }, { -2, 1 }, { 0.4f, 0.1f } }, new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }),
            _ => throw new ArgumentException(
                $"{loss.GetType().Name} takes {(forms.Count == 0 ? "no scores" : string.Join(", ", forms))}; give "
                    + "outputs and targets that it compares, or say by Takes for which scores it is."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => ComponentContract.NameOf(Loss);

    internal Tensor OutputTensor(bool wantsGradient = false) => tensor(Outputs, requires_grad: wantsGradient);

    internal Tensor TargetTensor() => Targets is long[] classes ? tensor(classes) : tensor((float[,])Targets);
}

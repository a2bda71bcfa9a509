using System.Globalization;
using System.Text.RegularExpressions;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>The contract of every loss: right gradients, the law of weights, finite values, and errors before torch
/// sees what does not fit.</summary>
/// <example><code>
/// LossContract.Of(new LogCosh()).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests.</remarks>
public static partial class LossContract
{
    /// <summary>The name of the statement that extreme scores cost a finite loss. A loss that grows exponentially
    /// leaves it out.</summary>
    public const string Finite = "Extreme scores cost a finite loss with finite gradients";

    /// <summary>The name of the statement that weights are those of rows. Losses whose parts weigh for themselves
    /// (classes, places) leave it out.</summary>
    public const string WeightedMean = "With weights it is the mean Σ w·L / Σ w of its rows";

    private static readonly FactList<LossSample> List = new(TorchRun.Do)
    {
        { "It takes some scores", s => Expect.True(Enum.GetValues<ScoreForm>().Any(s.Loss.Takes), "Takes refuses every form of scores.") },
        { "The loss is a scalar, and twice the same", IsOneNumber },
        { "Its gradients agree with central differences", GradientsAreRight },
        { WeightedMean, MeanDividesByWeights },
        { "Batches are put together by what they weigh", BatchesAddUp },
        { "Where all weights are 0 it is 0 and moves nothing", WeightlessMovesNothing },
        { "The order of the rows does not matter", OrderDoesNotMatter },
        { Finite, ExtremesAreFinite },
        { "It leaves outputs and targets as they are", InputsStay },
        { "Outputs and targets that do not fit are refused before torch sees them", MisfitsAreRefused },
        {
            "Settings that are not a number are refused",
            s => Settings.MustBeRefused(s.Loss, LossSample.NoWholeNumber, loss => loss.Mean(s.OutputTensor(), s.TargetTensor()))
        },
    };

    /// <summary>The facts of a loss that says by <see cref="Loss.Takes"/> for which scores it is.</summary>
    /// <param name="loss">The loss.</param>
    /// <exception cref="ArgumentException">It takes several forms of scores: give a sample.</exception>
    public static IReadOnlyList<ContractFact> Of(Loss loss) => Of(LossSample.Of(loss));

    /// <summary>The facts of a loss.</summary>
    /// <param name="sample">The loss with outputs and targets that it compares.</param>
    public static IReadOnlyList<ContractFact> Of(LossSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return [.. ComponentContract.Of(sample.Loss), .. List.Of($"{sample}", sample)];
    }

    private static double Value(Loss loss, Tensor outputs, Tensor targets, params float[] weights) =>
        loss.Mean(outputs, targets, weights.Length == 0 ? null : tensor(weights)).item<float>();

    private static void IsOneNumber(LossSample sample)
    {
        var (first, second) = (
            sample.Loss.Mean(sample.OutputTensor(), sample.TargetTensor()),
            sample.Loss.Mean(sample.OutputTensor(), sample.TargetTensor()));
        Expect.Equal(1, first.numel(), "elements of the mean loss");
        Expect.True(Tensors.Same(first, second), "the same outputs and targets cost something else the second time.");
    }

    private static void GradientsAreRight(LossSample sample)
    {
        var (outputs, targets) = (sample.OutputTensor(wantsGradient: true), sample.TargetTensor());
        GradientCheck.Check([("the outputs", outputs)], () => sample.Loss.Mean(outputs, targets), step: 5e-3);
    }

    private static void MeanDividesByWeights(LossSample sample)
    {
        var (outputs, targets) = (sample.OutputTensor(), sample.TargetTensor());
        int rows = sample.Outputs.GetLength(0);
        double[] alone = [.. Enumerable.Range(0, rows).Select(i => Value(sample.Loss, outputs.narrow(0, i, 1), targets.narrow(0, i, 1)))];
        float[][] all =
        [
            [.. Enumerable.Repeat(5f, rows)],
            [.. Enumerable.Range(1, rows).Select(i => (float)i)],
            [.. Enumerable.Range(0, rows).Select(i => i * 2f)],
        ];
        foreach (var weights in all)
        {
            double expected = alone.Zip(weights, (loss, weight) => loss * weight).Sum() / weights.Sum();
            Close(expected, Value(sample.Loss, outputs, targets, weights), $"the mean with the weights {weights.ToValueList()}");
        }

        Close(
            Value(sample.Loss, outputs, targets, all[0]),
            Value(sample.Loss, outputs, targets),
            "the mean without weights, beside that with equal ones");
    }

    private static void BatchesAddUp(LossSample sample)
    {
        var (outputs, targets) = (sample.OutputTensor(), sample.TargetTensor());
        int rows = sample.Outputs.GetLength(0);
        foreach (bool weighted in (bool[])[false, true])
        {
            double sum = 0, divisor = 0;
            foreach (var (start, count) in ((int, int)[])[(0, 1), (1, rows - 1)])
            {
                float[] weights = weighted ? [.. Enumerable.Range(start, count).Select(i => i + 0.5f)] : [];
                var target = targets.narrow(0, start, count);
                double weight = sample.Loss.Weight(target, weighted ? tensor(weights) : null)?.item<float>() ?? count;
                sum += weight * Value(sample.Loss, outputs.narrow(0, start, count), target, weights);
                divisor += weight;
            }

            float[] whole = weighted ? [.. Enumerable.Range(0, rows).Select(i => i + 0.5f)] : [];
            string what = $"the mean over all rows{(weighted ? " with weights" : "")}, beside that of two batches by Weight,";
            Close(sum / divisor, Value(sample.Loss, outputs, targets, whole), what);
        }
    }

    private static void WeightlessMovesNothing(LossSample sample)
    {
        var outputs = sample.OutputTensor(wantsGradient: true);
        var loss = sample.Loss.Mean(outputs, sample.TargetTensor(), zeros(outputs.shape[0]));
        loss.backward();
        Expect.Equal(0f, loss.item<float>(), "the loss of rows that weigh 0");
        Expect.Equal(0f, outputs.grad!.abs().sum().item<float>(), "the gradients of rows that weigh 0");
    }

    private static void OrderDoesNotMatter(LossSample sample)
    {
        var (outputs, targets) = (sample.OutputTensor(), sample.TargetTensor());
        Close(Value(sample.Loss, outputs, targets), Value(sample.Loss, outputs.flip(0), targets.flip(0)), "the mean in the opposite order");
    }

    private static void ExtremesAreFinite(LossSample sample)
    {
        foreach (double factor in (double[])[0, 1e3, -1e3])
        {
            var outputs = sample.OutputTensor().Mul(factor).detach().requires_grad_(true);
            var loss = sample.Loss.Mean(outputs, sample.TargetTensor());
            loss.backward();
            string at = string.Create(CultureInfo.InvariantCulture, $"of {factor} times the outputs");
            Expect.True(
                Tensors.AreFinite(loss),
                FormattableString.Invariant($"the loss {at} is {loss.item<float>()}; compute it in a stable form."));
            Expect.True(Tensors.AreFinite(outputs.grad!), $"gradients {at} are not finite.");
        }
    }

    private static void InputsStay(LossSample sample)
    {
        var (outputs, targets) = (sample.OutputTensor(), sample.TargetTensor());
        sample.Loss.Mean(outputs, targets);
        Expect.True(
            Tensors.Same(sample.OutputTensor(), outputs) && Tensors.Same(sample.TargetTensor(), targets),
            "outputs or targets are changed in place.");
    }

    private static void MisfitsAreRefused(LossSample sample)
    {
        var (x, y) = (sample.OutputTensor(), sample.TargetTensor());
        (Tensor Outputs, Tensor Targets, string What)[] all =
        [
            (x.narrow(0, 0, 1), y, "fewer rows of outputs than of targets"),
            (x.reshape(-1), y, "outputs of one dimension"),
            (x, y.unsqueeze(0), "targets of one dimension more"),
            (x, y.to(y.dtype == ScalarType.Int64 ? ScalarType.Float32 : ScalarType.Int64), "targets of another type"),
        ];
        foreach (var (outputs, targets, what) in all)
        {
            var e = Expect.Throws<InvalidOperationException>(() => sample.Loss.Mean(outputs, targets), what);

            // Loss.Mean puts the name of the loss before the colon. What stands behind it is the loss's own.
            string name = $"{sample.Loss.GetType().Name}: ";
            Expect.True(
                e.Message.StartsWith(name, StringComparison.Ordinal) && ShapeOrType().IsMatch(e.Message[name.Length..]),
                $"{what}: expected '{name}' and a shape such as [N, 3] or a type such as float32, but got '{e.Message}'.");
        }
    }

    [GeneratedRegex(@"\[[^\]]+\]|\b(float|int)(16|32|64)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ShapeOrType();

    private static void Close(double expected, double actual, string what) =>
        Expect.Close(expected, actual, 3e-6 * Math.Max(1, Math.Abs(expected)), what);
}

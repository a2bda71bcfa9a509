using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Losses;

/// <summary>Cross-entropy over sequences, with classes that are ignored, and with both definitions
/// of class weights.</summary>
[Collection("torch")]
public sealed class CrossEntropyTests
{
    private const int Rows = 3, Places = 4, Classes = 5, Pad = 0;

    private static readonly double[] ClassWeights = [1, 2, 0.5, 3, 0.25];

    public static TheoryData<CrossEntropy> Forms =>
        [
            new(), new() { LabelSmoothing = 0.1 }, new() { IgnoreIndex = Pad }, new() { IgnoreIndex = Pad, LabelSmoothing = 0.2 },
            new() { ClassWeights = [.. ClassWeights] }, new() { ClassWeights = [.. ClassWeights], LabelSmoothing = 0.1, IgnoreIndex = Pad },
        ];

    /// <summary>Σ e·[(1 − ε)·w(y)·(−log p(y)) + ε/K·Σ w(k)·(−log pₖ)] / Σ e·w(y) over the places that are not
    /// ignored, in double.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void The_mean_follows_its_formula_with_and_without_weights_of_examples(CrossEntropy loss)
    {
        using var scope = NewDisposeScope();
        var (logits, classes) = Sequences();
        foreach (double[] examples in new[] { [1.0, 1, 1], new[] { 1.0, 3, 0.5 } })
        {
            var weights = examples[1] == 1 ? null : tensor(examples.Select(w => (float)w).ToArray());
            var (sum, weight) = Expected(loss, logits, classes, examples);
            Assert.Equal(sum / weight, loss.Mean(logits, classes, weights).item<float>(), 2e-6);
            Assert.Equal(weight, loss.Weight(classes, weights)?.item<float>() ?? Rows * Places, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_sequence_costs_what_its_places_cost_as_single_examples(CrossEntropy loss)
    {
        using var scope = NewDisposeScope();
        var (logits, classes) = Sequences();
        Assert.Equal(
            loss.Mean(logits.reshape(-1, Classes), classes.reshape(-1)).item<float>(),
            loss.Mean(logits, classes).item<float>(),
            2e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Class_weights_inside_the_loss_are_PyTorchs(double smoothing)
    {
        using var scope = NewDisposeScope();
        var (logits, classes) = Sequences();
        var (x, y) = (logits.reshape(-1, Classes), classes.reshape(-1));
        var loss = new CrossEntropy { ClassWeights = [.. ClassWeights], LabelSmoothing = smoothing };
        var peer = nn.functional.cross_entropy(x, y, tensor(ClassWeights.Select(w => (float)w).ToArray()), label_smoothing: smoothing);
        Assert.Equal(peer.item<float>(), loss.Mean(x, y).item<float>(), 2e-6);

        // As weights of examples they are the same without smoothing, and another definition with it.
        var ofExamples = tensor(ClassWeights.Select(w => (float)w).ToArray()).index_select(0, y);
        double other = new CrossEntropy { LabelSmoothing = smoothing }.Mean(x, y, ofExamples).item<float>();
        Assert.Equal(smoothing == 0, Math.Abs(other - peer.item<float>()) < 2e-6);
    }

    [Fact]
    public void An_ignored_place_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (logits, classes) = Sequences();
        logits = logits.detach().requires_grad_(true);
        new CrossEntropy { IgnoreIndex = Pad, LabelSmoothing = 0.1 }.Mean(logits, classes).backward();
        var moved = logits.grad!.abs().sum(2).gt(0);
        Assert.True(moved.equal(classes.ne(Pad)).all().item<bool>());
    }

    [Fact]
    public void A_batch_of_ignored_places_alone_costs_0_and_moves_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = randn(2, 3, Classes).requires_grad_(true);
        var loss = new CrossEntropy { IgnoreIndex = Pad }.Mean(logits, zeros(2, 3, int64));
        loss.backward();
        Assert.Equal(0, loss.item<float>());
        Assert.Equal(0, logits.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Settings_that_do_not_fit_are_named_whatever_the_culture()
    {
        using var scope = NewDisposeScope();
        var (logits, classes) = Sequences();
        using var culture = new CommaCulture();
        Assert.Equal("CrossEntropy: labelSmoothing must be 0 or more and below 1 but is 1.5.", Error(new() { LabelSmoothing = 1.5 }));
        Assert.Equal(
            "CrossEntropy: classWeights has 2 weights, but there are 5 classes; give one for each.",
            Error(new() { ClassWeights = [1, 2] }));
        Assert.Equal("CrossEntropy: classWeights must be 0 or more but is -0.5.", Error(new() { ClassWeights = [1, 1, 1, 1, -0.5] }));
        Assert.StartsWith(
            "CrossEntropy: expects logits [N, K]",
            Assert.Throws<InvalidOperationException>(
                () => new CrossEntropy().Mean(logits, classes.narrow(1, 0, 2))).Message,
            StringComparison.Ordinal);

        string Error(CrossEntropy loss) => Assert.Throws<InvalidOperationException>(() => loss.Mean(logits, classes)).Message;
    }

    private static (Tensor Logits, Tensor Classes) Sequences() => (randn(Rows, Places, Classes, generator: new Generator(1)),
        tensor(new long[,] { { 1, 2, 0, 0 }, { 4, 3, 3, 0 }, { 2, 1, 4, 1 } }));

    private static (double Sum, double Weight) Expected(CrossEntropy loss, Tensor logits, Tensor classes, double[] examples)
    {
        var (x, y) = (logits.data<float>().ToArray(), classes.data<long>().ToArray());
        double[] w = loss.ClassWeights.Count > 0 ? ClassWeights : [1, 1, 1, 1, 1];
        var (sum, weight) = (0.0, 0.0);
        for (int place = 0; place < y.Length; place++)
        {
            if (y[place] == loss.IgnoreIndex)
            {
                continue;
            }

            double e = examples[place / Places], all = Enumerable.Range(0, Classes).Sum(k => Math.Exp(x[(place * Classes) + k]));
            double Cost(long k) => w[k] * (Math.Log(all) - x[(place * Classes) + k]);
            sum += e
                * (((1 - loss.LabelSmoothing) * Cost(y[place]))
                    + (loss.LabelSmoothing / Classes * Enumerable.Range(0, Classes).Sum(k => Cost(k))));
            weight += e * w[y[place]];
        }

        return (sum, weight);
    }
}

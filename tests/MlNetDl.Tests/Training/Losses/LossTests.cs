using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Losses;

[Collection("torch")]
public sealed class LossTests
{
    [Theory]
    [InlineData(0.7, 0.356675)]
    [InlineData(0.1, 2.302585)]
    [InlineData(0.5, 0.693147)]
    [InlineData(0.99, 0.010050)]
    public void Cross_entropies_are_minus_the_logarithm_of_the_probability(double probability, double expected)
    {
        double other = Math.Log((1 - probability) / probability);
        Assert.Equal(expected, Value(new CrossEntropy(), new float[,] { { 0, (float)other } }, new long[] { 0 }), 2e-6);
        Assert.Equal(expected, Value(new BinaryCrossEntropy(), new float[,] { { (float)-other } }, new float[,] { { 1 } }), 2e-6);
        Assert.Equal(expected, Value(new BinaryCrossEntropy(), new float[,] { { (float)other } }, new float[,] { { 0 } }), 2e-6);
    }

    [Fact]
    public void Uniform_logits_over_ten_classes_cost_the_logarithm_of_ten() =>
        Assert.Equal(2.302585, Value(new CrossEntropy(), new float[1, 10], new long[] { 3 }), 2e-6);

    [Theory]
    [InlineData(1000, 1, 0)]
    [InlineData(1000, 0, 1000)]
    [InlineData(-1000, 1, 1000)]
    public void Binary_cross_entropy_is_stable_at_large_logits(float logit, float target, double expected) =>
        Assert.Equal(expected, Value(new BinaryCrossEntropy(), new[,] { { logit } }, new[,] { { target } }), 2e-6);

    // Values of PyTorch.
    [Fact]
    public void Options_do_what_PyTorchs_do()
    {
        var logits = new float[,] { { 1, 2, 3 }, { 0.5f, -1, 2 } };
        Assert.Equal(1.0744585990905762, Value(new CrossEntropy(), logits, new long[] { 2, 0 }), 2e-6);
        Assert.Equal(1.1244585514068604, Value(new CrossEntropy { LabelSmoothing = 0.1 }, logits, new long[] { 2, 0 }), 2e-6);
        Assert.Equal(
            0.36558404564857483,
            Value(
                new BinaryCrossEntropy { PositiveWeight = 3 },
                new float[,] { { 1.5f }, { -2 } },
                new float[,] { { 1 }, { 0 } }),
            2e-6);
    }

    [Fact]
    public void Losses_of_values_follow_their_formulas()
    {
        var (outputs, targets) = (new float[,] { { 3, 1 } }, new float[,] { { 0, 0 } });
        Assert.Equal(5, Value(new MeanSquaredError(), outputs, targets), 2e-6);
        Assert.Equal(2, Value(new MeanAbsoluteError(), outputs, targets), 2e-6);
        Assert.Equal(4, Value(new Huber { Delta = 2 }, new float[,] { { 3 } }, new float[,] { { 0 } }), 2e-6);
        Assert.Equal(0.5, Value(new Huber { Delta = 2 }, new float[,] { { 1 } }, new float[,] { { 0 } }), 2e-6);
    }

    [Fact]
    public void Settings_out_of_range_are_named_whatever_the_culture()
    {
        using var culture = new CommaCulture();
        var (x, y) = (new float[,] { { 1 } }, new float[,] { { 1 } });
        Assert.Equal(
            "Huber: delta must be above 0 but is -0.5.",
            Assert.Throws<InvalidOperationException>(() => Value(new Huber { Delta = -0.5 }, x, y)).Message);
        Assert.Equal("BinaryCrossEntropy: positiveWeight must be above 0 but is -1.5.",
            Assert.Throws<InvalidOperationException>(() => Value(new BinaryCrossEntropy { PositiveWeight = -1.5 }, x, y)).Message);
    }

    private static double Value(Loss loss, float[,] outputs, object targets)
    {
        using var scope = NewDisposeScope();
        return loss.Mean(tensor(outputs), Targets(targets)).item<float>();
    }

    private static Tensor Targets(object targets) => targets is long[] classes ? tensor(classes) : tensor((float[,])targets);
}

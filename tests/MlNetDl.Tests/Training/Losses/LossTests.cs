using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Losses;

[Collection("torch")]
public sealed class LossTests
{
    /// <summary>Every loss with outputs and targets that fit it.</summary>
    public static TheoryData<Loss, float[,], object> All => new()
    {
        { new CrossEntropy(), new float[,] { { 1, 2, 3 }, { 0.5f, -1, 2 } }, new long[] { 2, 0 } },
        { new CrossEntropy { LabelSmoothing = 0.1 }, new float[,] { { 1, 2, 3 }, { 0.5f, -1, 2 } }, new long[] { 2, 0 } },
        { new BinaryCrossEntropy(), new float[,] { { 1.5f }, { -2 } }, new float[,] { { 1 }, { 0 } } },
        { new BinaryCrossEntropy { PositiveWeight = 3 }, new float[,] { { 1.5f }, { -2 } }, new float[,] { { 1 }, { 0 } } },
        { new MeanSquaredError(), new float[,] { { 1, 4 }, { -2, 0.3f } }, new float[,] { { 0.5f, 1 }, { 0, 1 } } },
        { new MeanAbsoluteError(), new float[,] { { 1, 4 }, { -2, 0.3f } }, new float[,] { { 0.5f, 1 }, { 0, 1 } } },
        { new Huber { Delta = 2 }, new float[,] { { 1, 4 }, { -2, 0.3f } }, new float[,] { { 0.5f, 1 }, { 0, 1 } } },
    };

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
    public void Uniform_logits_over_ten_classes_cost_the_logarithm_of_ten() => Assert.Equal(2.302585, Value(new CrossEntropy(), new float[1, 10], new long[] { 3 }), 2e-6);

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
        Assert.Equal(0.36558404564857483, Value(new BinaryCrossEntropy { PositiveWeight = 3 }, new float[,] { { 1.5f }, { -2 } }, new float[,] { { 1 }, { 0 } }), 2e-6);
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

    [Theory]
    [MemberData(nameof(All))]
    public void The_weighted_mean_divides_by_the_weights(Loss loss, float[,] outputs, object targets)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(outputs), Targets(targets));
        double first = loss.Mean(x.narrow(0, 0, 1), y.narrow(0, 0, 1)).item<float>(), second = loss.Mean(x.narrow(0, 1, 1), y.narrow(0, 1, 1)).item<float>();
        Assert.Equal((first + second) / 2, loss.Mean(x, y).item<float>(), 2e-6);
        Assert.Equal((first + second) / 2, loss.Mean(x, y, tensor(new float[] { 5, 5 })).item<float>(), 2e-6);
        Assert.Equal((first + (3 * second)) / 4, loss.Mean(x, y, tensor(new float[] { 1, 3 })).item<float>(), 2e-6);
        Assert.Equal(second, loss.Mean(x, y, tensor(new float[] { 0, 2 })).item<float>(), 2e-6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_equal_central_differences(Loss loss, float[,] outputs, object targets)
    {
        const float Step = 1e-2f;
        using var scope = NewDisposeScope();
        var y = Targets(targets);
        var x = tensor(outputs, requires_grad: true);
        loss.Mean(x, y).backward();
        for (int i = 0; i < outputs.GetLength(0); i++)
        {
            for (int j = 0; j < outputs.GetLength(1); j++)
            {
                Assert.Equal((At(i, j, Step) - At(i, j, -Step)) / (2 * Step), x.grad![i, j].item<float>(), 2e-3);
            }
        }

        double At(int i, int j, float change)
        {
            var moved = (float[,])outputs.Clone();
            moved[i, j] += change;
            return loss.Mean(tensor(moved), y).item<float>();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Shapes_that_do_not_fit_are_refused_before_torch_sees_them(Loss loss, float[,] outputs, object targets)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(outputs), Targets(targets));
        foreach (var (a, b) in new[] { (x.narrow(0, 0, 1), y), (x.reshape(-1), y), (x, y.unsqueeze(0)), (x, y.to(y.dtype == ScalarType.Int64 ? ScalarType.Float32 : ScalarType.Int64)) })
        {
            Assert.StartsWith($"{loss.GetType().Name}: expects", Assert.Throws<InvalidOperationException>(() => loss.Mean(a, b)).Message);
        }
    }

    [Fact]
    public void Settings_out_of_range_are_named_whatever_the_culture()
    {
        using var culture = new CommaCulture();
        var (x, y) = (new float[,] { { 1 } }, new float[,] { { 1 } });
        Assert.Equal("Huber: delta must be above 0 but is -0.5.", Assert.Throws<InvalidOperationException>(() => Value(new Huber { Delta = -0.5 }, x, y)).Message);
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

using MlNetDl.Compression;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>The loss against closed forms.</summary>
[Collection("torch")]
public sealed class SoftTargetsTests
{
    /// <summary>dL/ds = T·(softmax(s/T) − softmax(t/T)) / N.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void The_gradient_of_classes_is_T_times_the_difference_of_probabilities(double temperature)
    {
        using var scope = Seeded();
        Tensor student = (randn(5, 7) * 3).requires_grad_(true), teacher = randn(5, 7) * 3;
        SoftTargets.Mean(ScoreForm.Probabilities, student, teacher, temperature, null).backward();
        var expected = temperature * (softmax(student / temperature, 1) - softmax(teacher / temperature, 1)) / 5;
        Assert.True((student.grad! - expected).abs().max().item<float>() < 1e-6);
    }

    /// <summary>With weights each row's part is wᵢ/Σw instead of 1/N.</summary>
    [Fact]
    public void Weights_of_examples_weigh_their_gradients()
    {
        using var scope = Seeded();
        Tensor student = randn(3, 4).requires_grad_(true), teacher = randn(3, 4), weights = tensor(new[] { 2f, 0f, 6f });
        SoftTargets.Mean(ScoreForm.Probabilities, student, teacher, 3, weights).backward();
        var expected = 3 * (softmax(student / 3, 1) - softmax(teacher / 3, 1)) * (weights / 8).unsqueeze(1);
        Assert.True((student.grad! - expected).abs().max().item<float>() < 1e-6);
        Assert.Equal(0, SoftTargets.Mean(ScoreForm.Probabilities, student, teacher, 3, zeros(3)).item<float>());
    }

    /// <summary>For a high temperature T²·KL tends to ½·Σ((s − s̄) − (t − t̄))²/K (Hinton et al. 2015, section 2.1), so it
    /// does not vanish with T.</summary>
    [Fact]
    public void T_squared_keeps_the_size_of_the_loss()
    {
        using var scope = Seeded();
        Tensor student = randn(6, 5, float64), teacher = randn(6, 5, float64);
        var apart = student - student.mean([1], true) - (teacher - teacher.mean([1], true));
        double expected = apart.pow(2).mean().item<double>() / 2;
        Assert.Equal(expected, SoftTargets.Mean(ScoreForm.Probabilities, student, teacher, 1000, null).item<double>(), 1e-3 * expected);
    }

    [Fact]
    public void A_teacher_counts_up_to_a_constant_a_row()
    {
        using var scope = Seeded();
        Tensor student = randn(4, 3), teacher = randn(4, 3);
        Assert.Equal(
            SoftTargets.Mean(ScoreForm.Probabilities, student, teacher, 4, null).item<float>(),
            SoftTargets.Mean(ScoreForm.Probabilities, student, log_softmax(teacher, 1), 4, null).item<float>(),
            1e-6f);
        Assert.Equal(0, SoftTargets.Mean(ScoreForm.Probabilities, student, student + 3, 4, null).item<float>(), 1e-6f);
    }

    /// <summary>A logit z of yes is the two logits z and 0.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Yes_or_no_is_the_form_of_two_classes(double temperature)
    {
        using var scope = Seeded();
        Tensor student = (randn(6, 1) * 4).requires_grad_(true), teacher = randn(6, 1) * 4;
        var yes = SoftTargets.Mean(ScoreForm.Logit, student, teacher, temperature, null);
        var classes = SoftTargets.Mean(ScoreForm.Probabilities, Two(student), Two(teacher), temperature, null);
        Assert.Equal(classes.item<float>(), yes.item<float>(), 1e-5f);
        yes.backward();
        var expected = temperature * ((student / temperature).sigmoid() - (teacher / temperature).sigmoid()) / 6;
        Assert.True((student.grad! - expected).abs().max().item<float>() < 1e-6);

        static Tensor Two(Tensor z) => cat([z, zeros_like(z)], 1);
    }

    [Fact]
    public void An_extreme_teacher_gives_finite_numbers()
    {
        using var scope = Seeded();
        Tensor student = tensor(new[] { 100f, -100f }).reshape(2, 1).requires_grad_(true), teacher = tensor(new[] { -87f, 87f }).reshape(2, 1);
        var loss = SoftTargets.Mean(ScoreForm.Logit, student, teacher, 1, null);
        loss.backward();
        Assert.True(float.IsFinite(loss.item<float>()));
        Assert.True(student.grad!.isfinite().all().item<bool>());
    }

    /// <summary>d/ds of the mean of (s − t)² is 2·(s − t) / (N·K).</summary>
    [Fact]
    public void Values_are_compared_by_squares()
    {
        using var scope = Seeded();
        Tensor student = randn(4, 2).requires_grad_(true), teacher = randn(4, 2);
        var loss = SoftTargets.Mean(ScoreForm.Values, student, teacher, 4, null);
        loss.backward();
        Assert.Equal((student - teacher).pow(2).mean().item<float>(), loss.item<float>(), 1e-6f);
        Assert.True((student.grad! - (2 * (student - teacher) / 8)).abs().max().item<float>() < 1e-6);
    }

    /// <summary>The mean of two teachers is that of their probabilities; a logit is undone by the logarithm of the
    /// odds.</summary>
    [Fact]
    public void Several_teachers_are_the_mean_of_their_probabilities()
    {
        float[] p = [0.7f, 0.2f, 0.1f], logits = [1, 2, 3];
        var joined = TaughtAnswers.Joined(
            [(AnswerKind.Probabilities, p), (AnswerKind.Plain, logits)], ScoreForm.Probabilities, TargetScale.None, 3);
        double sum = logits.Sum(z => Math.Exp(z));
        Assert.All(joined.Index(), j => Assert.Equal(Math.Log((p[j.Index] + (Math.Exp(logits[j.Index]) / sum)) / 2), j.Item, 1e-6));
        var yes = TaughtAnswers.Joined(
            [(AnswerKind.Probabilities, [0.9f]), (AnswerKind.Plain, [0f])], ScoreForm.Logit, TargetScale.None, 1);
        Assert.Equal(Math.Log(0.7 / 0.3), yes[0], 1e-6);
        var values = TaughtAnswers.Joined(
            [(AnswerKind.Plain, [10f, 1f]), (AnswerKind.Plain, [14f, 3f])], ScoreForm.Values, new([10, 1], [4, 2]), 2);
        Assert.Equal([0.5f, 0.5f], values);
    }

    [Fact]
    public void A_probability_of_0_is_a_finite_logit()
    {
        var joined = TaughtAnswers.Joined([(AnswerKind.Probabilities, [1f, 0f])], ScoreForm.Probabilities, TargetScale.None, 2);
        Assert.Equal(0, joined[0]);
        Assert.Equal(-87.336544, joined[1], 1e-4);
    }

    private static Tensor softmax(Tensor x, long dim) => nn.functional.softmax(x, dim);

    private static Tensor log_softmax(Tensor x, long dim) => nn.functional.log_softmax(x, dim);

    private static DisposeScope Seeded()
    {
        manual_seed(3);
        return NewDisposeScope();
    }
}

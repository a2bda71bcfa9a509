using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlNetDl.Tests.Training.Optimizers;

/// <summary>What update rules owe beyond their formula: exact constants, an honest version counter, openness.</summary>
[Collection("torch")]
public sealed class UpdateRuleTests
{
    /// <summary>Gradients of 1 make every error of a constant systematic.</summary>
    [Theory]
    [InlineData(0.999, true)]
    [InlineData(0.999, false)]
    [InlineData(0.999999, true)]
    [InlineData(0.999999, false)]
    public void Adam_follows_its_formula_in_double(double beta2, bool onePass)
    {
        const double Rate = 0.01, Beta1 = 0.9, Epsilon = 1e-8;
        double w = 0, m = 0, v = 0;
        var moved = Moved(new Adam { LearningRate = Rate, Beta2 = beta2 }, steps: 30, onePass);
        for (int t = 1; t <= 30; t++)
        {
            (m, v) = ((Beta1 * m) + (1 - Beta1), (beta2 * v) + (1 - beta2));
            w -= Rate * m / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(v / (1 - Math.Pow(beta2, t))) + Epsilon);
        }

        Assert.All(moved, value => Assert.Equal(1, value / w, 1.5e-6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RmsProp_follows_its_formula_in_double(bool onePass)
    {
        const double Rate = 0.01, Alpha = 0.999999, Epsilon = 1e-8;
        double w = 0, v = 0;
        var moved = Moved(new RmsProp { LearningRate = Rate, Alpha = Alpha }, steps: 30, onePass);
        for (int t = 1; t <= 30; t++)
        {
            v = (Alpha * v) + (1 - Alpha);
            w -= Rate / (Math.Sqrt(v) + Epsilon);
        }

        Assert.All(moved, value => Assert.Equal(1, value / w, 1.5e-6));
    }

    /// <summary>Algorithm 2 of the paper, in double; gradients of changing sign, so that momentum
    /// and gradient disagree.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lion_follows_its_formula_in_double(bool onePass)
    {
        const double Rate = 0.01, Decay = 0.1, Beta1 = 0.9, Beta2 = 0.99;
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(9, 2));
        using var run = new Lion { LearningRate = Rate, WeightDecay = Decay }.Start([weight]);
        double w = 1, m = 0;
        foreach (double g in new[] { 1, -0.05, -3, 0.5, 0, 2, -2, 0.01 })
        {
            weight.grad = onePass ? full(9, 2, g) : full(2, 9, g).t();
            run.Step(Rate);
            w -= Rate * (Math.Sign((Beta1 * m) + ((1 - Beta1) * g)) + (Decay * w));
            m = (Beta2 * m) + ((1 - Beta2) * g);
            Assert.All(weight.data<float>().ToArray(), value => Assert.Equal(w, value, 1e-6));
        }
    }

    /// <summary>1 − α·λ is near 1, where float32 has few digits left for α·λ: a factor rounded there would be off by
    /// 7e-3 of the decay of every weight alike.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decoupled_decay_is_exact_in_the_mean_over_weights(bool onePass)
    {
        const double Rate = 1e-4, Decay = 0.03;
        using var scope = NewDisposeScope();
        var start = rand(64, 63, generator: new Generator(1));
        var weight = new Parameter(start.clone());
        using var run = new AdamW { WeightDecay = Decay }.Start([weight]);
        weight.grad = onePass ? zeros(64, 63) : zeros(63, 64).t();
        run.Step(Rate);
        double lost = (start.to(float64) - weight.to(float64)).sum().item<double>();
        Assert.Equal(1, lost / (start.to(float64).sum().item<double>() * Rate * Decay), 2e-3);
    }

    public static TheoryData<Optimizer> All =>
    [
        new Sgd(),
        new Sgd { Momentum = 0 },
        new Adam(),
        new AdamW(),
        new RmsProp(),
        new RmsProp { Momentum = 0.5 },
        new Adagrad(),
        new Lion(),
        new SignDescent(),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void A_backward_pass_through_a_graph_that_outlives_a_step_is_refused(Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        foreach (var weight in new[] { new Parameter(rand(3, 5)), new Parameter(tensor(2f)) })
        {
            using var run = optimizer.Start([weight]);
            var stale = weight.pow(3).sum();
            weight.pow(2).sum().backward();
            run.Step(0.1);
            Assert.Contains(
                "modified by an inplace operation",
                Assert.ThrowsAny<Exception>(() => stale.backward()).Message,
                StringComparison.Ordinal);
            weight.pow(2).sum().backward();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_optimiser_needs_torchs_operators_only(Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(7));
        using var run = optimizer.Start([weight]);
        for (int step = 0; step < 20; step++)
        {
            run.ZeroGradients();
            weight.pow(2).sum().backward();
            run.Step(0.01);
        }

        Assert.All(weight.data<float>(), value => Assert.InRange(value, -0.999f, 0.999f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_norm_of_the_gradients_is_PyTorchs(bool contiguous)
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = [new(zeros(37, 3)), new(zeros(19)), new(tensor(0f))],
            theirs = [new(zeros(37, 3)), new(zeros(19)), new(tensor(0f))];
        for (int i = 0; i < ours.Length; i++)
        {
            var gradient = randn(ours[i].shape, generator: new Generator((ulong)i)) * 1e3;
            theirs[i].grad = gradient.clone();
            ours[i].grad = contiguous || i > 0 ? gradient : gradient.t().contiguous().t();
        }

        using var run = new Sgd().Start(ours);
        double expected = nn.utils.clip_grad_norm_(theirs, 3);
        Assert.Equal(1, run.ClipGradients(3) / expected, 1e-6);
        foreach (var (a, b) in ours.Zip(theirs))
        {
            Assert.True(a.grad!.allclose(b.grad!, rtol: 1e-6, atol: 1e-9));
        }
    }

    [Fact]
    public void The_norm_neither_overflows_nor_hides_what_is_not_a_number()
    {
        using var scope = NewDisposeScope();
        Parameter[] weights = [new(zeros(9)), new(zeros(1))];
        (weights[0].grad, weights[1].grad) = (full(9, 1e30f), zeros(1));
        using var run = new Sgd().Start(weights);
        Assert.Equal(3e30, run.ClipGradients(1), 1e24);
        Assert.All(weights[0].grad!.data<float>(), g => Assert.Equal(1 / 3f, g, 1e-6f));
        weights[1].grad = full(1, float.NaN);
        Assert.Equal(double.NaN, run.ClipGradients(1e-3));
        Assert.All(weights[0].grad!.data<float>(), g => Assert.Equal(1 / 3f, g, 1e-6f));
    }

    // Nine elements, so that both the vectors and the remainder are met.
    private static float[] Moved(Optimizer optimizer, int steps, bool onePass)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(full(9, 2, 0f));
        using var run = optimizer.Start([weight]);
        for (int t = 0; t < steps; t++)
        {
            weight.grad = onePass ? ones(9, 2) : ones(2, 9).t();
            run.Step(optimizer.LearningRate);
        }

        return weight.data<float>().ToArray();
    }

    /// <summary>An optimiser as a host writes it with torch's operators alone.</summary>
    private sealed record SignDescent : Optimizer
    {
        public override double LearningRate { get; init; } = 0.01;

        public override int Slots => 0;

        public override void Update(WeightUpdate at) => at.Weight.sub_((at.Gradient + (at.Weight * at.Decay)).sign() * at.LearningRate);
    }
}

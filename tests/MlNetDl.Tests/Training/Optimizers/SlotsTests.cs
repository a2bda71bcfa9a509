using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlNetDl.Tests.Training.Optimizers;

/// <summary>State behaves alike in memory and on torch's operators.</summary>
[Collection("torch")]
public sealed class SlotsTests
{
    [Theory]
    [InlineData(1, 1, true, "asks for the state tensor 1, but its optimizer has 1")]
    [InlineData(1, 1, false, "asks for the state tensor 1, but its optimizer has 1")]
    [InlineData(2, -1, true, "asks for the state tensor -1")]
    [InlineData(5, 0, true, "can have 4 state tensors, but this one has 5")]
    [InlineData(5, 0, false, "can have 4 state tensors, but this one has 5")]
    public void Slots_that_are_not_there_are_refused(int slots, int asked, bool onePass, string message)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(9, 2));
        using var run = new Asks(slots, asked).Start([weight]);
        weight.grad = onePass ? ones(9, 2) : ones(2, 9).t();
        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => run.Step(1)).Message, StringComparison.Ordinal);
    }

    /// <summary>What was read stays readable after its slot is written, on every device alike.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rule_may_write_before_it_uses_what_it_read(bool onePass)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(9, 2));
        using var run = new MovesByTheLastGradient().Start([weight]);
        for (int step = 1; step <= 3; step++)
        {
            weight.grad = onePass ? full(9, 2, (float)step) : full(2, 9, (float)step).t();
            run.Step(1);
        }

        Assert.Equal(-(0 + 2 + 4), weight.mean().item<float>());
    }

    /// <summary>Two slots of one tensor would be freed twice.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rule_may_keep_what_it_likes_in_its_slots(bool onePass)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(9, 2));
        using var run = new KeepsAll().Start([weight]);
        for (int step = 1; step <= 3; step++)
        {
            using (NewDisposeScope())
            {
                weight.grad = onePass ? full(9, 2, (float)step) : full(2, 9, (float)step).t();
                run.Step(1);
            }
        }

        // Twice the gradient, twice the gradient, the gradient, the weight before the step.
        Assert.Equal([6, 6, 3, -6], run.State.Select(s => s.mean().item<float>()));
        Assert.Equal(-12, weight.mean().item<float>());
    }

    private sealed record Asks(int Count, int Asked) : Optimizer
    {
        public override double LearningRate { get; init; } = 1;

        public override int Slots => Count;

        public override void Update(WeightUpdate at) => at.Each(new Rule(Asked));

        private readonly struct Rule(int asked) : IUpdateRule
        {
            public T Move<T>(T weight, T gradient, Slots<T> state)
                where T : struct, IElements<T> => state[asked] + gradient;
        }
    }

    private sealed record MovesByTheLastGradient : Optimizer
    {
        public override double LearningRate { get; init; } = 1;

        public override int Slots => 1;

        public override void Update(WeightUpdate at) => at.Each(default(Rule));

        private readonly struct Rule : IUpdateRule
        {
            public T Move<T>(T weight, T gradient, Slots<T> state)
                where T : struct, IElements<T>
            {
                var last = state[0];
                state[0] = 2 * gradient;
                return 1 * last;
            }
        }
    }

    private sealed record KeepsAll : Optimizer
    {
        public override double LearningRate { get; init; } = 1;

        public override int Slots => 4;

        public override void Update(WeightUpdate at) => at.Each(default(Rule));

        private readonly struct Rule : IUpdateRule
        {
            public T Move<T>(T weight, T gradient, Slots<T> state)
                where T : struct, IElements<T>
            {
                var twice = 2 * gradient;
                state[0] = twice;
                state[1] = twice;
                state[2] = gradient;
                state[3] = weight;
                return twice;
            }
        }
    }
}

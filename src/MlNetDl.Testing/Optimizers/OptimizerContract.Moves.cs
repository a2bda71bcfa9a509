using System.Globalization;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlNetDl.Testing;

/// <content>How weights move.</content>
public static partial class OptimizerContract
{
    // A matrix, a vector, a scalar; no size that a vector register divides.
    private static readonly long[][] Sizes = [[37, 3], [19], []];

    private static Parameter[] Weights() =>
        [.. Sizes.Select((size, i) => new Parameter(randn(size, generator: new Generator((ulong)i + 1)).Add(2)))];

    private static Tensor Gradient(Parameter weight, int step) =>
        randn(weight.shape, generator: new Generator((ulong)(100 + step))).Add(0.5);

    private static void DescendsABowl(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = optimizer.Start(weights);
        Tensor Bowl() => weights.Select((w, i) => w.Sub(i).Pow(2).Mul(i + 0.5).sum()).Aggregate((a, b) => a.Add(b));
        float first = Bowl().item<float>();
        for (int step = 0; step < 60; step++)
        {
            Step(run, optimizer.LearningRate, () =>
            {
                run.ZeroGradients();
                Bowl().backward();
            });
        }

        float last = Bowl().item<float>();
        Expect.True(
            last < first,
            string.Create(CultureInfo.InvariantCulture, $"60 steps of its learning rate lead from {first} to {last}."));
    }

    // A matrix that lies in memory column by column has no span, so torch's operators move it.
    private static void AnyMemoryMovesAlike(Optimizer optimizer)
    {
        optimizer = optimizer with { WeightDecay = 0.1 };
        Tensor start = Weights()[0];
        Parameter rows = new(start.detach().clone()), columns = new(start.detach().t().contiguous().t());
        Expect.True(rows.is_contiguous() && !columns.is_contiguous(), "torch has another layout of memory than this fact knows.");
        using var first = optimizer.Start([rows]);
        using var second = optimizer.Start([columns]);
        for (int step = 0; step < 8; step++)
        {
            Step(first, optimizer.LearningRate, () => rows.grad = Gradient(rows, step));
            Step(second, optimizer.LearningRate, () => columns.grad = Gradient(rows, step).t().contiguous().t());
            double off = Tensors.Difference(rows, columns);
            Expect.True(off < 2e-5, string.Create(CultureInfo.InvariantCulture, $"after {step + 1} steps the two are {off:G3} apart."));
        }
    }

    private static void WithoutGradientStays(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = optimizer.Start(weights);
        for (int step = 0; step < 3; step++)
        {
            Step(run, optimizer.LearningRate, () => weights[0].grad = Gradient(weights[0], step));
        }

        Expect.True(Tensors.Same(Weights()[1], weights[1]), "a weight without gradient has moved.");
        Expect.True(!Tensors.Same(Weights()[0], weights[0]), "the weight with a gradient has not moved.");
    }

    private static void GradientsStay(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = optimizer.Start(weights);
        Step(run, optimizer.LearningRate, () => Give(weights, step: 0));
        foreach (var weight in weights)
        {
            Expect.True(Tensors.Same(Gradient(weight, 0), weight.grad!), "a gradient is changed by the step.");
        }
    }

    private static void ZerosMoveNothing(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = (optimizer with { WeightDecay = 0 }).Start(weights);
        for (int step = 0; step < 3; step++)
        {
            Step(run, optimizer.LearningRate, () => GiveZeros(weights));
        }

        AreSame(Weights(), weights, "gradients of 0 move a weight");
    }

    private static void DecayIsKept(Optimizer optimizer)
    {
        foreach (bool vectors in (bool[])[false, true])
        {
            var weights = Weights();
            using var run = (optimizer with { WeightDecay = 0.5, DecayVectors = vectors }).Start(weights);
            Parameter[] told = Weights();
            using var toldRun = (optimizer with { WeightDecay = 0.5, DecayVectors = vectors }).Start(told, [false, true, false]);
            Step(run, optimizer.LearningRate, () => GiveZeros(weights));
            Step(toldRun, optimizer.LearningRate, () => GiveZeros(told));
            for (int i = 0; i < weights.Length; i++)
            {
                Shrinks(
                    weights[i],
                    Weights()[i],
                    vectors || i == 0,
                    $"a weight of {weights[i].dim()} dimensions with DecayVectors {vectors}");
                string says = i == 1 ? "decays" : "does not decay";
                Shrinks(
                    told[i],
                    Weights()[i],
                    vectors || i == 1,
                    $"a weight of which its layer says that it {says}, with DecayVectors {vectors},");
            }
        }
    }

    private static void Shrinks(Tensor weight, Tensor before, bool decays, string what)
    {
        double size = weight.norm().item<float>(), sizeBefore = before.norm().item<float>();
        Expect.True(
            decays ? size < sizeBefore : Tensors.Same(before, weight),
            $"{what} {(decays ? "does not shrink" : "moves")} by decay alone.");
    }

    private static void RateOfZeroMovesNothing(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = (optimizer with { WeightDecay = 0.5 }).Start(weights);
        Step(run, 0, () => Give(weights, step: 0));
        AreSame(Weights(), weights, "a weight moves at a learning rate of 0, as a warm-up or the end of a schedule may give");
    }

    private static void MovesTheSame(Optimizer optimizer) =>
        AreSame(Moved(optimizer), Moved(optimizer), "a second run moves a weight otherwise");

    private static void AnySizeMoves(Optimizer optimizer)
    {
        foreach (var (moved, start) in Moved(optimizer).Zip(Weights()))
        {
            Expect.True(Tensors.AreFinite(moved), $"a weight {Tensors.Dims(moved)} is not finite after five steps.");
            Expect.True(moved.ne(start).all().item<bool>(), $"elements of a weight {Tensors.Dims(moved)} did not move in five steps.");
        }
    }

    private static void RaisesTheVersion(Optimizer optimizer)
    {
        foreach (var weight in Weights())
        {
            using var run = optimizer.Start([weight]);
            var stale = weight.Pow(3).sum();
            Step(run, optimizer.LearningRate, () => weight.Pow(2).sum().backward());
            string what = $"a backward pass through a graph from before the step, of a weight {Tensors.Dims(weight)},";
            var e = Expect.Throws<Exception>(() => stale.backward(), what);
            Expect.Contains("modified by an inplace operation", e.Message);
        }
    }

    private static void CountsSteps(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = optimizer.Start(weights);
        for (int step = 0; step < 4; step++)
        {
            Expect.Equal((long)step, run.Steps, "steps so far");
            Step(run, optimizer.LearningRate, () => Give(weights, step));
        }
    }

    private static Parameter[] Moved(Optimizer optimizer)
    {
        var weights = Weights();
        using var run = optimizer.Start(weights);
        for (int step = 0; step < 5; step++)
        {
            Step(run, optimizer.LearningRate, () => Give(weights, step));
        }

        return weights;
    }

    // A step as a training makes it; an optimiser may ask for the gradients again.
    private static void Step(OptimizerRun run, double learningRate, Action backward)
    {
        backward();
        run.Reevaluate(() =>
        {
            backward();
            return 0;
        });
        run.Step(learningRate);
    }

    private static void GiveZeros(Parameter[] weights) => Array.ForEach(weights, w => w.grad = zeros_like(w));

    private static void Give(Parameter[] weights, int step) => Array.ForEach(weights, w => w.grad = Gradient(w, step));

    private static void AreSame(Parameter[] expected, Parameter[] actual, string problem)
    {
        foreach (var (a, b) in expected.Zip(actual))
        {
            Expect.True(Tensors.Same(a, b), $"{problem} ({Tensors.Dims(b)}).");
        }
    }
}

using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlNetDl.Benchmarks;

/// <summary>Steps of the optimisers against TorchSharp's own, on the weights of LeNet-5 and on those of a layer
/// of ResNet-18: <c>optimizers [--rounds 15] [--threads 1]</c>.</summary>
internal static class OptimizerBenchmark
{
    private static readonly (string Name, long[][] Shapes)[] Weights =
    [
        ("LeNet-5", [[6, 1, 5, 5], [6], [16, 6, 5, 5], [16], [120, 400], [120], [84, 120], [84], [10, 84], [10]]),
        ("512×512×3×3", [[512, 512, 3, 3]]),
    ];

    private static readonly (string Name, Optimizer Ours, Func<Parameter[], optim.Optimizer>? Theirs)[] Optimizers =
    [
        ("sgd", new Sgd { LearningRate = 1e-3 }, p => optim.SGD(p, 1e-3, momentum: 0.9)),
        ("adam", new Adam { LearningRate = 1e-3 }, p => optim.Adam(p, 1e-3)),
        ("adamW", new AdamW { LearningRate = 1e-3, DecayVectors = true }, p => optim.AdamW(p, 1e-3)),
        ("rmsProp", new RmsProp { LearningRate = 1e-3 }, p => optim.RMSProp(p, 1e-3)),
        ("adagrad", new Adagrad { LearningRate = 1e-3 }, p => optim.Adagrad(p, 1e-3)),
        ("lion", new Lion { LearningRate = 1e-3 }, null),
    ];

    public static int Run(string[] args)
    {
        set_num_threads(args.Number("threads", 1));
        foreach (var (weights, shapes) in Weights)
        {
            foreach (var (name, ours, theirs) in Optimizers)
            {
                Parameter[] mine = Made(shapes), others = Made(shapes);
                using var run = ours.Start(mine);
                using var peer = theirs?.Invoke(others) ?? optim.Adam(others, 1e-3);
                long count = mine.Sum(p => p.numel());
                Interleaved.Run(
                    $"{name}, {weights}",
                    args.Number("rounds", 15),
                    (theirs is null ? "TorchSharp, Adam" : "TorchSharp", () => Step(() => peer.step(), count)),
                    ("this library", () => Step(() => run.Step(1e-3), count)));
            }
        }

        return 0;
    }

    private static Parameter[] Made(long[][] shapes) => [.. shapes.Select((shape, i) =>
    {
        var weight = new Parameter(randn(shape, generator: new Generator((ulong)i)));
        weight.grad = randn(shape, generator: new Generator((ulong)i + 100));
        return weight;
    })];

    private static long Step(Action step, long count)
    {
        step();
        return count;
    }
}

using MlNetDl.Tasks;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Benchmarks;

/// <summary>Time of a training step (SGD with momentum): the loop one writes by hand in TorchSharp, this library in
/// float32 and bfloat16, and a peer program, in turns.</summary>
/// <remarks>
/// <c>--peer "COMMAND"</c> runs <c>COMMAND SECONDS lenet:train:128</c> (and <c>resnet:train:32</c>) in each round, see
/// <see cref="PeerProgram"/>. <c>--network lenet</c> or <c>resnet</c> runs one of the two. The hand-written loop has
/// its batch ready; this library draws its own from a resident set, as it does in training.
/// </remarks>
internal static class TrainingBenchmark
{
    public static int Run(string[] args)
    {
        var (rounds, threads) = (args.Number("rounds", 9), args.Number("threads", 2));
        var peer = args.Text("peer") is { } command ? new PeerProgram(command, threads) : null;
        if (peer?.Problem("lenet:train:128") is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 1;
        }

        using var session = TorchSession.Enter(seed: 1, threads: threads);
        string network = args.Text("network") ?? "";
        if (network is "" or "lenet")
        {
            Compare(
                "LeNet-5, batch 128",
                "lenet:train:128",
                BareNetworks.LeNet5,
                new LeNet5(),
                Shape.Image(1, 28, 28),
                128,
                rounds,
                threads,
                peer);
        }

        if (network is "" or "resnet")
        {
            Compare(
                "ResNet-18, 3×64×64, batch 32",
                "resnet:train:32",
                BareNetworks.ResNet18,
                new ResNet(),
                Shape.Image(3, 64, 64),
                32,
                rounds,
                threads,
                peer);
        }

        return 0;
    }

    private static void Compare(
        string title,
        string peerName,
        Func<nn.Module<Tensor, Tensor>> bare,
        NetworkSpec spec,
        Shape input,
        int batchSize,
        int rounds,
        int threads,
        PeerProgram? peer)
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, (int)input.ElementsPerExample() * batchSize * 4)
            .Select(_ => random.NextSingle() - 0.5f).ToArray();
        var examples = new Examples(input, features, Enumerable.Range(0, batchSize * 4).Select(i => (long)(i % 10)).ToArray());
        using var single = new StepLoop(Step(spec, input, Precision.Float32), examples, batchSize);
        using var half = new StepLoop(Step(spec, input, Precision.BFloat16), examples, batchSize);
        using var hand = new BareLoop(bare(), examples, batchSize);
        List<(string Name, Func<double> Turn)> contestants =
        [
            ("TorchSharp by hand", () => StepTurns.Median(hand.Step)),
            ("MlNetDl", () => StepTurns.Median(single.Step)),
            ("MlNetDl, bfloat16", () => StepTurns.Median(half.Step)),
        ];
        if (peer is not null)
        {
            contestants.Add(("peer", () => peer.Time(StepTurns.Seconds, peerName)));
        }

        StepTurns.Run($"{title}, {threads} thread(s)", rounds, contestants);
    }

    private static SupervisedStep Step(NetworkSpec spec, Shape input, Precision precision) => new(
        new TorchNetwork(spec.ToNetwork(input, 10)),
        new MulticlassClassification(),
        new() { Optimizer = new Sgd { LearningRate = 0.001 }, Precision = precision });

    private sealed class BareLoop : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> network;
        private readonly optim.Optimizer optimizer;
        private readonly Tensor inputs;
        private readonly Tensor targets;

        public BareLoop(nn.Module<Tensor, Tensor> network, Examples examples, int batchSize)
        {
            this.network = network;
            optimizer = optim.SGD(network.parameters(), 0.001, momentum: 0.9);
            using var scope = NewDisposeScope();
            using var batches = new TensorBatches(examples, batchSize);
            var batch = batches.Epoch(0).First();
            (inputs, targets) = (batch.Inputs[0].clone().DetachFromDisposeScope(), batch.Target!.clone().DetachFromDisposeScope());
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(network.forward(inputs), targets);
            loss.backward();
            optimizer.step();
            _ = loss.item<float>();
        }

        public void Dispose()
        {
            network.Dispose();
            optimizer.Dispose();
            inputs.Dispose();
            targets.Dispose();
        }
    }
}

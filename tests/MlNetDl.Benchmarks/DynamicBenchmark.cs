using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Benchmarks;

/// <summary>What dynamic networks save on ONNX Runtime, by the share of rows that leave or skip; and what it would save to gather the
/// kernels of the channels that a row keeps.</summary>
internal static class DynamicBenchmark
{
    private const int Batch = 64;
    private static readonly Shape Image = Shape.Image(1, 28, 28);

    public static int Run(string[] args)
    {
        int rounds = args.Number("rounds", 15);
        using var session = TorchSession.Enter(1, 1);
        using var none = no_grad();
        var rows = randn(Batch, 1, 28, 28);
        var plain = new CifarResNet().ToNetwork(Image, 10);
        var models = new List<IDisposable>();
        foreach (var after in (string[])["stage1/0", "stage1"])
        {
            Interleaved.Run($"ResNet-20 of 28x28, an exit behind {after}, {Batch} rows", rounds, [Of("no exit", plain), .. Exits(after, rows)]);
        }

        foreach (int batch in (int[])[Batch, 1])
        {
            var gated = new GatedBlocks { Network = new CifarResNet() }.ToNetwork(Image, 10);
            Interleaved.Run(
                $"ResNet-20, blocks with gates, {batch} rows", rounds, Of("no gates", plain, batch), Of("all open", gated, batch, Gates(100)),
                Of("all closed", gated, batch, Gates(-100)));
        }

        var expert = new CifarResNet { Depth = 8 };
        Interleaved.Run(
            $"ResNet-8 and experts, {Batch} rows", rounds, Of("one", expert.ToNetwork(Image, 10)),
            Of("the best of 4", new MixtureOfExperts { Expert = expert }.ToNetwork(Image, 10)),
            Of("all 4", new MixtureOfExperts { Expert = expert, Top = 4 }.ToNetwork(Image, 10)));
        foreach (var (channels, side) in ((int, int)[])[(16, 28), (64, 14), (128, 14), (256, 14), (512, 7)])
        {
            var image = Shape.Image(channels, side, side);
            Interleaved.Run(
                $"3x3 convolution of {channels} channels, {side}x{side}, 1 row", rounds,
                Of("all kernels", new(new Conv2d(channels, 3, 1, 1), image), 1),
                Of("half of them, gathered", new(new GatheredConv(channels, channels / 2), image), 1),
                Of("a quarter, gathered", new(new GatheredConv(channels, channels / 4), image), 1));
        }

        models.ForEach(m => m.Dispose());
        return 0;

        (string Name, Func<long> Work) Of(string name, Network network, int batch = Batch, Func<WeightArray, WeightArray>? change = null)
        {
            using var torch = new TorchNetwork(network);
            var model = new OnnxModel(OnnxWriter.Write(network, new Weights(torch.ReadWeights().Select(change ?? (w => w)))), new() { Threads = 1 });
            models.Add(model);
            ValueList<long> dims = [batch, .. network.Inputs[0].Shape.Dims.Skip(1).Select(d => d.Size!.Value)];
            var values = dims.SequenceEqual(rows.shape) ? rows.data<float>().ToArray() : randn(dims.ToArray()).data<float>().ToArray();
            var inputs = new Dictionary<string, OnnxTensor> { [Network.DefaultInput] = new(dims, values) };
            return (name, () => model.Run(inputs)[Network.DefaultOutput].Dims[0]);
        }

        IEnumerable<(string Name, Func<long> Work)> Exits(string after, Tensor input)
        {
            // Figures of fresh exits are much the same for all rows; larger weights set them apart.
            WeightArray Apart(WeightArray w) => w.Name.StartsWith("exit1/output", StringComparison.Ordinal)
                ? w with { Data = [.. w.Data.Select(v => 8 * v)] } : w;
            manual_seed(2);
            var open = With(null);
            using var torch = new TorchNetwork(open);
            var weights = torch.ReadWeights().Select(Apart).ToDictionary(w => w.Name);
            var root = (Sequential)LayerTree.Map(open.Root, (_, leaf) => leaf is HardRows or MergeRows ? new Identity { Name = leaf.Name } : leaf);
            using var head = new TorchNetwork(open with { Root = root with { Children = [.. root.Children, new Read("exit1")] } });
            head.LoadWeights(new(weights.Values));
            head.SetTraining(false);
            var logs = nn.functional.log_softmax(head.Forward(input)[Network.DefaultOutput], 1);
            var entropies = (logs.exp() * logs).sum(1).mul(-1 / Math.Log(10)).data<float>().ToArray().Order().ToArray();
            foreach (int leave in (int[])[0, 16, 32, 48, 64])
            {
                double? threshold = leave == 0 ? null : leave == Batch ? 1 : (entropies[leave - 1] + entropies[leave]) / 2.0;
                yield return Of(string.Create(CultureInfo.InvariantCulture, $"{leave * 100 / Batch} % leave"), With(threshold), Batch, w => weights[w.Name]);
            }

            Network With(double? threshold) => new EarlyExit
            {
                Network = new CifarResNet(),
                Exits = [new() { After = after, Channels = 32, Threshold = threshold }],
            }.ToNetwork(Image, 10);
        }

        static Func<WeightArray, WeightArray> Gates(float bias) => w =>
            w.Name.Contains("/gate", StringComparison.Ordinal) && w.Name.EndsWith("logit.bias", StringComparison.Ordinal) ? w with { Data = [bias] } : w;
    }

    /// <summary>A convolution that computes the output channels whose input channel has the greatest mean, and puts them among
    /// zeros.</summary>
    private sealed record GatheredConv(int Out, int Kept) : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("weight", [Out, input.Size(1), 3, 3], new HeNormalInit())];

        public override Tensor Forward(Tensor input, LeafState state) => throw new NotSupportedException("It is timed in ONNX Runtime alone.");

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
        {
            var means = graph.Add("Squeeze", [graph.Add("GlobalAveragePool", [input]), graph.Constant("axes", new long[] { 0, 2, 3 })]);
            var kept = graph.AddMany("TopK", 2, [means, graph.Constant("k", new long[] { Kept })], ("axis", 0))[1];
            var made = graph.Add(
                "Conv",
                [input, graph.Add("Gather", [weights["weight"], kept], ("axis", 0))],
                ("kernel_shape", new long[] { 3, 3 }),
                ("pads", new long[] { 1, 1, 1, 1 }));
            var zeros = graph.Add("Mul", [Turned(input), graph.Constant("zero", new[] { 0f }, scalar: true)]);
            return Turned(graph.Add(
                "ScatterND", [zeros, graph.Add("Unsqueeze", [kept, graph.Constant("column", new long[] { 1 })]), Turned(made)]));

            OnnxValue Turned(OnnxValue value) => graph.Add("Transpose", [value], ("perm", new long[] { 1, 0, 2, 3 }));
        }
    }
}

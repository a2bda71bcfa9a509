using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Sequences of any length, from outside: a recurrent leaf that publishes its state, own batches, and decoding
/// step by step.</summary>
public sealed class SequenceTests
{
    private const int Tokens = 5, Hidden = 8;

    // Which of the tokens 1 and 2 came first: the state must carry it to the end.
    private static readonly Network Classifier = new(
        new Sequential(
            new Tap("mask", new SeamPaddingMask()), new Embedding(Tokens, 6) { PaddingIndex = 0 },
            new SeamLstm(Hidden) { Mask = "mask" }, new Read("lastH"), new Linear(2)),
        [new("tokens", Shape.Tokens())]);

    private static readonly Network Language = new(
        new Sequential(
            new Embedding(Tokens, 6), new SeamLstm(Hidden) { Start = ["h", "c"] },
            new Tap("nextH", new Read("lastH")) { Role = TapRole.Output },
            new Tap("nextC", new Read("lastC")) { Role = TapRole.Output }, new Linear(Tokens) { WeightInit = new NormalInit(1) }),
        [new("tokens", Shape.Tokens()), new("h", Shape.Vector(Hidden)), new("c", Shape.Vector(Hidden))]);

    [Fact]
    public void Rows_of_any_length_are_learned_and_scored_alike_in_torch_and_ONNX_Runtime()
    {
        var options = new TrainingOptions
        {
            Epochs = 12,
            Optimizer = new Adam { LearningRate = 0.03 },
            Threads = 1,
            Seed = 1,
            Device = "cpu",
        };
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(Classifier);
        using var step = new SupervisedStep(network, new MulticlassClassification(), options);
        var report = new Trainer(options).Fit(step, new Sentences(240, seed: 1), new Sentences(80, seed: 2));
        Assert.True(report.Epochs[^1].Validation["accuracy"] > 0.95, $"accuracy {report.Epochs[^1].Validation["accuracy"]}");
        using var model = new OnnxModel(OnnxWriter.Write(Classifier, network.ReadWeights()), new() { Threads = 1 });
        network.SetTraining(false);
        foreach (var rows in new long[][] { [1, 3, 4, 0, 0, 0, 0, 0], [4, 3, 3, 1, 2, 0, 2, 0, 0, 0, 0, 0, 3, 1, 3, 4, 4, 4] })
        {
            long length = rows.Length == 8 ? 4 : 6;
            var expected = network.Forward(tensor(rows).reshape(-1, length))["output"];
            var got = model.Run(new Dictionary<string, OnnxTensor>
            {
                ["tokens"] = new([rows.Length / length, length], rows),
            })["output"].Floats;
            Assert.All(expected.data<float>().ToArray().Zip(got), p => Assert.Equal(p.First, p.Second, 1e-5));
        }
    }

    [Fact]
    public void Decoding_that_keeps_the_state_gives_what_the_whole_sequence_gives()
    {
        using var session = TorchSession.Enter(41, 1);
        using var network = new TorchNetwork(Language);
        using var model = new OnnxModel(OnnxWriter.Write(Language, network.ReadWeights()), new() { Threads = 1 });
        using var loop = model.StartLoop(("nextH", "h"), ("nextC", "c"));
        OnnxTensor none = new([1, Hidden], new float[Hidden]);
        List<long> tokens = [1];
        List<float> scores = [];
        for (int i = 0; i < 8; i++)
        {
            var given = new Dictionary<string, OnnxTensor> { ["tokens"] = new([1, 1], new[] { tokens[^1] }) };
            if (i == 0)
            {
                (given["h"], given["c"]) = (none, none);
            }

            var next = loop.Run(given)["output"].Floats;
            scores.AddRange(next);
            tokens.Add(Array.IndexOf(next, next.Max()));
        }

        var all = new Dictionary<string, OnnxTensor>
        {
            ["tokens"] = new([1, 8], tokens.Take(8).ToArray()),
            ["h"] = none,
            ["c"] = none,
        };
        var whole = model.Run(all)["output"].Floats;
        Assert.True(tokens.Distinct().Count() > 2, string.Join(' ', tokens));
        Assert.All(scores.Zip(whole), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Equal(tokens.Skip(1), whole.Chunk(Tokens).Select(s => (long)Array.IndexOf(s, s.Max())));
    }

    // In these sentences a token is followed by the next, and the last by the first.
    [Fact]
    public void A_target_for_each_token_is_learned_at_any_length()
    {
        var options = new TrainingOptions
        {
            Epochs = 15,
            Optimizer = new Adam { LearningRate = 0.03 },
            Threads = 1,
            Seed = 1,
            Device = "cpu",
        };
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(Language);
        using var step = new SupervisedStep(network, new SeamNextToken(), options);
        var report = new Trainer(options).Fit(step, new Counting(4), new Counting(1));
        Assert.True(report.Epochs[^1].Validation["loss"] < 0.3, $"loss {report.Epochs[^1].Validation["loss"]}");
    }

    /// <summary>Batches of sentences that count from any token, each batch of another length.</summary>
    private sealed class Counting(int batches) : IBatches
    {
        private const int Size = 10;

        public long ExampleCount => batches * Size;

        public int BatchCount => batches;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            for (int i = skip; i < batches; i++)
            {
                long length = 4 + i;
                var tokens = (arange(Size).unsqueeze(1) + arange(length)).remainder(Tokens);
                yield return new Batch([tokens, zeros(Size, Hidden), zeros(Size, Hidden)], (tokens + 1).remainder(Tokens));
            }
        }
    }

    /// <summary>Batches of rows of one length each, filled up with 0; the class is the one of the tokens 1 and 2
    /// that comes first.</summary>
    private sealed class Sentences(int count, int seed) : IBatches
    {
        private const int Size = 20;

        public long ExampleCount => count;

        public int BatchCount => count / Size;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            for (int i = skip; i < BatchCount; i++)
            {
                var random = SeededOrder.Generator(seed + i, 0);
                int longest = 3 + random.Next(5);
                var (tokens, classes) = (new long[Size * longest], new long[Size]);
                for (int row = 0; row < Size; row++)
                {
                    int length = 2 + random.Next(longest - 1);
                    var words = tokens.AsSpan(row * longest, length);
                    foreach (ref long word in words)
                    {
                        word = 1 + random.Next(Tokens - 1);
                    }

                    words[0] = 1 + random.Next(2);
                    classes[row] = words[0] - 1;
                }

                yield return new Batch([tensor(tokens).reshape(Size, longest)], tensor(classes));
            }
        }
    }
}

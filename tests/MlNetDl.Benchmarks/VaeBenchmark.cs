using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Benchmarks;

/// <summary>A variational autoencoder 784-400-400-20 and back, black or white pixels: time of a training step against the same in
/// PyTorch, and rows a second of its encoder and its decoder against ONNX Runtime itself.</summary>
/// <remarks><c>--peer "COMMAND"</c> runs <c>COMMAND SECONDS vae:train:100</c> (and <c>vae:train:128</c>) in each round, see
/// <see cref="PeerProgram"/>; <c>vae_peer.py</c> beside this file is such a program. <c>--part train</c> or <c>score</c> runs one of
/// the two.</remarks>
internal static class VaeBenchmark
{
    private const int Width = 784, ScoredRows = 2048, ScoredAtOnce = 64;

    private static readonly Vae Model = new()
    {
        Latent = 20,
        Encoder = new Mlp { Hidden = [400, 400] },
        Decoder = new Mlp { Hidden = [400, 400] },
    };

    public static int Run(string[] args)
    {
        var (rounds, threads) = (args.Number("rounds", 15), args.Number("threads", 1));
        var peer = args.Text("peer") is { } command ? new PeerProgram(command, threads) : null;
        string part = args.Text("part") ?? "";
        if (part is "" or "train")
        {
            if (peer?.Problem("vae:train:100") is { } problem)
            {
                Console.Error.WriteLine(problem);
                return 1;
            }

            using var session = TorchSession.Enter(seed: 1, threads: threads);
            Train(100, rounds, threads, peer);
            Train(128, rounds, threads, peer);
        }

        if (part is "" or "score")
        {
            Score(rounds, threads);
        }

        return 0;
    }

    private static void Train(int batchSize, int rounds, int threads, PeerProgram? peer)
    {
        using var loop = new StepLoop(Step(), Pixels(batchSize * 4), batchSize);
        List<(string Name, Func<double> Turn)> contestants = [("MlNetDl", () => StepTurns.Median(loop.Step))];
        if (peer is not null)
        {
            contestants.Add(("peer", () => peer.Time(StepTurns.Seconds, $"vae:train:{batchSize}")));
        }

        StepTurns.Run($"VAE 784-400-400-20, batch {batchSize}, {threads} thread(s)", rounds, contestants);
    }

    private static TrainingStep Step()
    {
        var networks = Model.Networks(new() { Input = Shape.Vector(Width) });
        return Model.Step.Start(new()
        {
            Networks = networks.ToDictionary(n => n.Key, n => new TorchNetwork(n.Value)),
            Options = new() { Optimizer = new Adam() },
        });
    }

    private static void Score(int rounds, int threads)
    {
        var ml = new MLContext(seed: 1);
        using var fitted = ml.Generation().Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = Model,
            Training = new() { Epochs = 1 },
            Scoring = new() { BatchSize = ScoredAtOnce, Threads = threads },
        }).Fit(Pixels(128));
        using var decoder = fitted.Decoder();
        var random = new Random(1);
        Compare(ml, fitted, Vae.Encode, "Features", Vae.LatentColumn, Rows(Width, random), rounds, threads);
        Compare(ml, decoder, Vae.Decode, Vae.LatentColumn, Vae.GeneratedColumn, Rows(Model.Latent, random), rounds, threads);
    }

    private static void Compare(
        MLContext ml, NeuralNetworkTransformer network, string graph, string from, string to, float[][] rows, int rounds, int threads)
    {
        int width = rows[0].Length;
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        using var session = new InferenceSession(network.Package.Graphs[graph], options);
        var input = session.InputNames[0];
        var schema = SchemaDefinition.Create(typeof(ValuesRow));
        (schema[0].ColumnName, schema[0].ColumnType) = (from, new VectorDataViewType(NumberDataViewType.Single, width));
        var view = ml.Data.LoadFromEnumerable(rows.Select(r => new ValuesRow { Values = r }).ToArray(), schema);
        var batch = new float[ScoredAtOnce * width];
        Interleaved.Run(
            $"VAE 784-400-400-20, {graph}, batch {ScoredAtOnce}, {threads} thread(s)",
            rounds,
            ("ONNX Runtime, session.Run", () => ScoringBenchmark.Batches(rows, batch, () => Raw(session, input, batch, width))),
            ("NeuralNetworkTransformer.Transform", () => ScoringBenchmark.Read(network.Transform(view), to)));
    }

    // All outputs of the graph, as the transformer asks for them: the encoder has means and log variances.
    private static void Raw(InferenceSession session, string name, float[] batch, int width)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(batch, [ScoredAtOnce, width]);
        using var outputs = session.Run(run, [name], [input], session.OutputNames);
        _ = outputs[0].GetTensorDataAsSpan<float>()[0];
    }

    private static float[][] Rows(int width, Random random) =>
        [.. Enumerable.Range(0, ScoredRows).Select(_ => Enumerable.Range(0, width).Select(_ => random.NextSingle()).ToArray())];

    private static Examples Pixels(int count)
    {
        var random = new Random(1);
        return new(Shape.Vector(Width), Enumerable.Range(0, count * Width).Select(_ => random.NextSingle() < 0.2f ? 1f : 0f).ToArray());
    }

    private sealed class ValuesRow
    {
        public float[] Values { get; set; } = [];
    }
}

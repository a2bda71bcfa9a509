using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>What rows take in the mean where each decides which layers compute it.</summary>
[Collection("torch")]
public sealed class MeanMacsTests
{
    private static readonly Examples Rows = Samples.Blobs(150);

    // 6·2 for the gate, 6·3 + 3·3 for an expert.
    [Theory]
    [InlineData(1, 12 + 27)]
    [InlineData(2, 12 + 27 + 27)]
    public void Experts_that_a_row_asks_count(int top, int expected)
    {
        var package = Run(new MixtureOfExperts { Expert = new Mlp { Hidden = [3] }, Experts = 2, Top = top });
        var row = Row(package);
        Assert.Equal(12 + 27 + 27, row.Size.Macs);
        Assert.Equal(expected, row.MeanMacs!.Value, 1e-9);
    }

    [Fact]
    public void A_rounded_network_with_exits_has_both_figures()
    {
        var exits = new EarlyExit { Network = new Mlp { Hidden = [12, 12] }, Exits = [new() { After = "hidden1", Threshold = 0.9 }] };
        var row = Row(Run(exits, new Fit(), new Int8 { Rows = 50 }));
        Assert.InRange(row.MeanMacs!.Value, 1, row.Size.Macs - 1);
        Assert.InRange(row.Sqnr!.Value, 15, 80);
    }

    [Fact]
    public void Where_all_rows_take_the_same_way_there_is_none()
    {
        var row = Row(Run(new Mlp { Hidden = [3] }));
        Assert.Null(row.MeanMacs);
        Assert.Null(row.Sqnr);
    }

    /// <summary>72 for the first layer, 144 for each other, 36 for each exit and the output.</summary>
    [Fact]
    public void Of_two_exits_the_rows_that_stay_at_each_count()
    {
        var exits = new EarlyExit
        {
            Network = new Mlp { Hidden = [12, 12, 12] },
            Exits =
            [
                new() { After = "hidden1", Threshold = 0.55 },
                new() { After = "hidden2", Threshold = 0.6 },
            ],
            By = ExitRule.Confidence,
        };
        var package = Run(exits);
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = package.ToTorch();
        // As it trains all rows see all exits.
        torch.SetTraining(true);
        var outputs = torch.Forward(tensor((float[])Rows.Features).reshape(Rows.Count, Samples.Width));
        bool[] Sure(string exit, double threshold) =>
            nn.functional.softmax(outputs[exit], 1).amax([1]).gt(threshold).data<bool>().ToArray();
        var (first, second) = (Sure("exit1", 0.55), Sure("exit2", 0.6));
        int stay = first.Count(sure => !sure), last = first.Zip(second).Count(sure => !sure.First && !sure.Second);
        Assert.True(last > 0 && last < stay && stay < Rows.Count);
        Assert.Equal(((72 + 36) * 150) + ((144 + 36) * stay) + ((144 + 36) * last), MeanMacs.Of(package, (float[])Rows.Features)!.Value * 150, 1e-6);
    }

    [Fact]
    public void Of_gated_blocks_the_rows_whose_gate_is_open_count()
    {
        var digits = Datasets.Find("optdigits")!.Load(false).Take(96);
        var spec = new GatedBlocks { Network = new CifarResNet { Depth = 14 } };
        var package = Run(
            spec, digits, new Fit { Epochs = 15, Optimizer = new Adam { LearningRate = 0.01 } }, new GatePenalty { Weight = 10, Target = 0.3 });
        var rows = new float[96 * 64];
        digits.CopyTo(0, 96, rows);
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = package.ToTorch();
        var input = tensor(rows).reshape(96, 1, 8, 8);
        (string Gate, long Macs)[] blocks =
        [
            ("gate1", 2L * 16 * 16 * 9 * 64), ("gate2", 2L * 16 * 16 * 9 * 64), ("gate3", 2L * 32 * 32 * 9 * 16), ("gate4", 2L * 64 * 64 * 9 * 4),
        ];
        double skipped = blocks.Sum(b => b.Macs * (96.0 - GatesTests.Gates(torch, input, b.Gate)) / 96);
        Assert.True(skipped > 0);
        Assert.Equal(ModelSize.Of(package).Macs - skipped, MeanMacs.Of(package, rows)!.Value, 1e-3);
    }

    /// <summary>The narrowest value of the open rows is an output already; in the other graph no value has the name that the layers gave it.</summary>
    [Fact]
    public void Outputs_are_watched_as_they_are_and_without_values_there_is_no_figure()
    {
        var gated = new CustomNetwork
        {
            Layers = new Sequential(
                new Tap("gate", new Sequential(new Linear(1), new StraightThrough())) { Role = TapRole.Training },
                new Branches(new AddRows("gate"), new Identity(), new Sequential(
                    new OpenRows("gate"), new Linear(2), new Tap("narrow") { Role = TapRole.Output }, new Linear(Samples.Width))),
                new Linear(3)),
        };
        var package = Run(gated);
        var mean = Row(package).MeanMacs!.Value;
        Assert.InRange(mean, 6 + 18, 6 + 24 + 18);

        // The output is still there.
        Assert.Equal(mean, Row(Renamed(package, ["narrow"])).MeanMacs);
        Assert.Null(Row(Renamed(package, [])).MeanMacs);
    }

    // The same model with other names of values, and with these further outputs alone.
    private static ModelPackage Renamed(ModelPackage package, HashSet<string> outputs)
    {
        var model = OnnxReader.Parse(package.Graphs["model"]);
        var graph = model.Graph;
        foreach (var output in graph.Output.Skip(1).Where(o => !outputs.Contains(o.Name)).ToList())
        {
            graph.Output.Remove(output);
        }

        var kept = graph.Output.Concat(graph.Input).Select(v => v.Name).Concat(graph.Initializer.Select(t => t.Name)).Append("").ToHashSet();
        foreach (var names in graph.Node.SelectMany(n => new[] { n.Input, n.Output }))
        {
            for (int i = 0; i < names.Count; i++)
            {
                names[i] = kept.Contains(names[i]) ? names[i] : $"{names[i]}/other";
            }
        }

        return new()
        {
            Manifest = package.Manifest,
            Graphs = new Dictionary<string, byte[]> { ["model"] = Google.Protobuf.MessageExtensions.ToByteArray(model) },
            TrainingWeights = package.TrainingWeights,
        };
    }

    private static LedgerRow Row(ModelPackage package) => CompressionLedger.Measure([("model", package)], 20, [(float[])Rows.Features]).Rows[0];

    private static ModelPackage Run(ModelSpec model, params ValueList<Stage> stages) => Run(model, Rows, stages);

    private static ModelPackage Run(ModelSpec model, Examples rows, params ValueList<Stage> stages) => new Recipe
    {
        Task = new MulticlassClassification(),
        Model = model,
        Training = new() { Epochs = 2, BatchSize = 128, Seed = 1, Stages = stages },
    }.Run(rows).Package;
}

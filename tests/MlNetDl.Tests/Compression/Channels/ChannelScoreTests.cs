using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Scores against values that are computed by hand.</summary>
[Collection("torch")]
public sealed class ChannelScoreTests
{
    // Two convolutions whose outputs are added, normalised; three channels.
    private static readonly Network Summed = new(
        new Sequential(
            new Branches(new Sum(), new Conv2d(3, 1) { Name = "a" }, new Conv2d(3, 1) { Name = "b", Bias = false }) { Name = "" },
            new BatchNorm2d { Name = "norm" },
            new ReLU(),
            new Flatten(),
            new Linear(2) { Name = "out" }),
        Shape.Image(2, 1, 1));

    private static readonly Weights SummedWeights = Of(Summed, new()
    {
        ["a.weight"] = [3, -4, 0, 0, 1, 1],
        ["b.weight"] = [1, 1, 2, -2, 6, 8],
        ["norm.weight"] = [-2, 0.5f, 1],
    });

    [Fact]
    public void Norms_are_means_over_weights_and_then_over_layers()
    {
        Assert.Equal([(3.5 + 1) / 2, (0 + 2) / 2.0, (1 + 7) / 2.0], Scores(new L1Norm()));
        Assert.Equal([(Math.Sqrt(12.5) + 1) / 2, 1, (1 + Math.Sqrt(50)) / 2], Scores(new L2Norm()), Near);
        Assert.Equal([2, 0.5, 1], Scores(new NormScale()));
    }

    [Fact]
    public void Distances_are_the_mean_over_all_filters_of_a_layer()
    {
        double[] a = [(5 + Math.Sqrt(4 + 25)) / 3, (5 + Math.Sqrt(2)) / 3, (Math.Sqrt(29) + Math.Sqrt(2)) / 3];
        double[] b = [(Math.Sqrt(1 + 9) + Math.Sqrt(25 + 49)) / 3, (Math.Sqrt(10) + Math.Sqrt(16 + 100)) / 3, (Math.Sqrt(74) + Math.Sqrt(116)) / 3];
        Assert.Equal(a.Zip(b, (x, y) => (x + y) / 2 / Math.Sqrt(2)), Scores(new GeometricMedian()), Near);
    }

    [Fact]
    public void Random_scores_follow_from_their_seed()
    {
        Assert.Equal(Scores(new RandomScore()), Scores(new RandomScore()));
        Assert.NotEqual(Scores(new RandomScore()), Scores(new RandomScore { Seed = 1 }));
    }

    [Fact]
    public void Random_scores_without_a_seed_follow_the_training()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Points([1, 2], [0]), 1);
        var stage = Stage(Summed, data);
        Assert.Equal(Drawn(new(), 3), Drawn(new() { Seed = 3 }, 4));
        Assert.NotEqual(Drawn(new(), 3), Drawn(new(), 4));

        IEnumerable<double> Drawn(RandomScore score, int seed) => score.Of(new()
        {
            Coupling = ChannelCoupling.Of(Summed.Plan()),
            Weights = SummedWeights,
            Stage = stage with { Options = stage.Options with { Seed = seed } },
        }).OrderBy(s => s.Key).Select(s => s.Value);
    }

    [Fact]
    public void What_a_score_cannot_go_by_is_named()
    {
        var network = new Network(new Sequential(new Linear(3) { Name = "a" }, new Tanh(), new Linear(2)), Shape.Vector(2));
        var scoring = new ChannelScoring { Coupling = ChannelCoupling.Of(network.Plan()), Weights = Of(network, []) };
        Assert.StartsWith("a has no batch normalisation, whose scale", Refused(new NormScale(), scoring), StringComparison.Ordinal);
        Assert.StartsWith("taylor needs data, but", Refused(new Taylor(), scoring), StringComparison.Ordinal);
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Points([1, 2], [0]), 1);
        Assert.StartsWith("a has no ReLU behind", Refused(new ActivationZeros(), scoring with { Stage = Stage(network, data) }), StringComparison.Ordinal);

        static string Refused(ChannelScore score, ChannelScoring scoring) => Assert.Throws<ArgumentException>(() => score.Of(scoring)).Message;
    }

    [Fact]
    public void Zeros_are_counted_behind_the_activation()
    {
        var network = new Network(
            new Sequential(new Linear(3) { Name = "a", Bias = false }, new ReLU(), new Linear(2) { Name = "out" }), Shape.Vector(2));
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Points([1, 1, 1, -1, -1, -2, 2, 5], [0, 1, 0, 1]), 2);
        var scores = new ActivationZeros().Of(new()
        {
            Coupling = ChannelCoupling.Of(network.Plan()),
            Weights = Of(network, new() { ["a.weight"] = [1, 0, 0, 1, -1, -1] }),
            Stage = Stage(network, data),
        });

        // x: 1 1 −1 2; y: 1 −1 −2 5; −x − y: −2 0 3 −7.
        Assert.Equal([0.75, 0.5, 0.25], scores.OrderBy(s => s.Key).Select(s => s.Value));
    }

    [Fact]
    public void Taylor_foretells_how_the_loss_changes_without_a_channel()
    {
        var network = new Network(
            new Sequential(new Linear(3) { Name = "a" }, new ReLU(), new Linear(2) { Name = "out" }), Shape.Vector(2));
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Points([1, 1, 1, -1, -1, -2, 2, 5], [0, 1, 0, 1]), 4);
        float small = 1e-3f;
        var weights = Of(network, new()
        {
            ["a.weight"] = [1 * small, 2 * small, -1 * small, 2 * small, -1 * small, -1 * small],
            ["a.bias"] = [small, -small, 2 * small],
            ["out.weight"] = [1, -1, 0.5f, 2, 1, -2],
            ["out.bias"] = [0, 0],
        });
        var stage = Stage(network, data);
        var coupling = ChannelCoupling.Of(network.Plan());
        var scores = new Taylor().Of(new() { Coupling = coupling, Weights = weights, Stage = stage });
        double before = Loss(weights);
        foreach (int group in coupling.Cells[0].Groups)
        {
            double change = Loss(ChannelMask.Of(coupling, weights, new HashSet<int> { group })) - before;
            Assert.Equal(change * change, scores[group], change * change * 0.02);
        }

        double Loss(Weights of)
        {
            double loss = 0;
            DataPasses.Run(stage, network.Plan(), of, 4, (torch, batch) => loss = DataPasses.Loss(stage, torch, batch, "test").item<float>());
            return loss;
        }
    }

    private static IEnumerable<double> Scores(ChannelScore score)
    {
        using var session = TorchSession.Enter(seed: 1);
        return score.Of(new() { Coupling = ChannelCoupling.Of(Summed.Plan()), Weights = SummedWeights }).OrderBy(s => s.Key).Select(s => s.Value);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-5;

    private static Weights Of(Network network, Dictionary<string, float[]> values) => new(network.Plan().Parameters.Select(p =>
        new WeightArray(p.Name, p.Parameter.Dims, values.GetValueOrDefault(p.Name, new float[p.Parameter.Count]))));

    private static Examples Points(float[] features, long[] targets) => new(Shape.Vector(2), features, targets) { ClassNames = ["x", "y"] };

    private static StageContext Stage(Network network, IBatches data) => new()
    {
        Model = new(
            new Dictionary<string, Network> { [NetworkSpec.NetworkName] = network },
            new Dictionary<string, Weights> { [NetworkSpec.NetworkName] = Of(network, []) }),
        Options = new() { Device = "cpu" },
        Data = data,
        Task = new MulticlassClassification(),
        Message = _ => { },
        Trains = (model, _, _) => model,
    };
}

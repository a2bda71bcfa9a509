using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>The stage by itself: rounds, several networks, and work that is kept.</summary>
[Collection("torch")]
public sealed class PruningRoundTests
{
    [Fact]
    public void Multiply_adds_fall_along_the_curve_of_the_schedule()
    {
        var shares = new List<double>();
        var lenet = new LeNet5().ToNetwork(Shape.Image(1, 28, 28), 10);
        Run(
            new() { Amount = 0.75, Of = PruningMeasure.Macs, Schedule = new Agp { Rounds = 3 }, FineTune = new Fit() },
            model => shares.Add(model.Networks["a"].Plan().Macs / (double)lenet.Plan().Macs),
            ("a", lenet));
        double[] most = [1 - (0.75 * (1 - (8 / 27.0))), 1 - (0.75 * (1 - (1 / 27.0))), 0.25];
        Assert.Equal(3, shares.Count);
        Assert.All(shares.Zip(most), s => Assert.InRange(s.First, s.Second - 0.06, s.Second));
    }

    [Fact]
    public void Each_network_of_a_model_is_pruned_by_itself()
    {
        (string, Network)[] networks =
        [
            ("encoder", Net(new Mlp { Hidden = [8] })),
            ("decoder", Net(new Mlp { Hidden = [10] })),
            ("last", Net(new Mlp { Hidden = [] })),
        ];
        var (model, messages) = Run(new(), _ => { }, networks);
        const int Unit = 6 + 1 + 3; // the weights of a hidden unit
        Assert.Equal([4 * Unit, 5 * Unit, 0], networks.Select(n => n.Item2.Plan().ParameterCount - model.Networks[n.Item1].Plan().ParameterCount));
        Assert.Equal(["encoder", "decoder"], messages.Select(m => m.Split('\'')[1]));
        Assert.StartsWith(
            "taylor follows the data through one network, but the model has encoder and decoder and last; take",
            Assert.Throws<ArgumentException>(() => Run(new() { By = new Taylor() }, _ => { }, networks)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Choosing_is_kept_once_a_round_and_network()
    {
        var names = new List<string>();
        Run(new() { Schedule = new Iterative { Rounds = 2 } }, _ => { }, names.Add, ("a", Net(new Mlp { Hidden = [8] })));
        Assert.Equal(["channels of a in round 1", "channels of a in round 2"], names);
    }

    private static Network Net(Mlp spec) => spec.ToNetwork(Shape.Vector(6), 3);

    private static (TrainedModel Model, List<string> Messages) Run(
        FilterPruning stage, Action<TrainedModel> fitted, params (string Name, Network Network)[] networks) => Run(stage, fitted, _ => { }, networks);

    private static (TrainedModel Model, List<string> Messages) Run(
        FilterPruning stage, Action<TrainedModel> fitted, Action<string> kept, params (string Name, Network Network)[] networks)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Training.Samples.Blobs(), 16);
        var messages = new List<string>();
        var weights = networks.ToDictionary(n => n.Name, n =>
        {
            using var torch = new TorchNetwork(n.Network);
            return torch.ReadWeights();
        });
        return (stage.Run(new()
        {
            Model = new(networks.ToDictionary(n => n.Name, n => n.Network), weights),
            Options = new() { Device = "cpu" },
            Data = data,
            Task = new MulticlassClassification(),
            Message = messages.Add,
            Trains = (model, _, _) =>
            {
                fitted(model);
                return model;
            },
            Remembers = (name, work, _) =>
            {
                kept(name);
                return work();
            },
        }), messages);
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests;

/// <summary>A leaf of one's own that no catalog has.</summary>
public sealed class OwnLeafTests
{
    private static readonly CustomNetwork Network = With(new Swish());
    private static readonly Recipe Plain = new()
    {
        Task = new MulticlassClassification(),
        Model = Network,
        Training = TestData.Training(),
    };

    [Fact]
    public void It_trains_is_saved_and_scores_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var (data, held) = (TestData.Rows(ml, TestData.Digits()), TestData.Rows(ml, TestData.Digits(300, test: true)));
        var options = new NeuralNetworkOptions
        {
            Network = Network,
            LabelColumnName = "Digit",
            Training = TestData.Training(6),
        };
        using var network = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(data);
        ml.Model.SaveAtomically(network, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(held);
        Assert.Equal(network.Transform(held).GetColumn<float[]>("Score").ToArray(), scored.GetColumn<float[]>("Score").ToArray());
        Assert.InRange(ml.MulticlassClassification.Evaluate(scored, "Digit").MicroAccuracy, 0.85, 1);
    }

    [Fact]
    public void A_checkpoint_knows_it()
    {
        using var folder = new TemporaryFolder();
        var again = new StepCount();
        var first = (Plain with { CheckpointPath = folder["c"] }).Run(TestData.Digits());
        var second = (Plain with { CheckpointPath = folder["c"], Callbacks = [again] }).Run(TestData.Digits());
        Assert.Equal(first.Package.Graphs["model"], second.Package.Graphs["model"]);
        Assert.Equal(0, again.Steps);
        var other = Plain with { CheckpointPath = folder["c"], Model = With(new Swish(2)) };
        Assert.Contains(
            "is of another training",
            Assert.Throws<InvalidDataException>(() => other.Run(TestData.Digits())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Training_goes_on_with_the_network_given_and_says_how_to_register_it_where_it_must_be_read()
    {
        var package = Plain.Run(TestData.Digits()).Package;
        Assert.NotEqual(package.Graphs["model"], (Plain with { ContinueFrom = package }).Run(TestData.Digits()).Package.Graphs["model"]);
        var read = Assert.Throws<ConfigurationException>(() => (Plain with { ContinueFrom = package, Model = null })
            .Run(TestData.Digits()));
        Assert.Contains(
            "Register it before this is read: Catalogs.Layers.Register<MlNetDl.Extensions.Tests.OwnLeafTests.Swish>().",
            read.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Yaml_that_names_it_says_how_to_register_it()
    {
        var e = Assert.Throws<ConfigurationException>(() =>
            ConfigurationDocument.Parse("layers: [ { type: linear, out: 3 }, swish ]", "n.yaml").Bind<CustomNetwork>());
        Assert.StartsWith("n.yaml(1,37): layers[1].type: there is no layer 'swish'; known are: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "One of your own is registered before this is read: Catalogs.Layers.Register<Swish>().",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Its_range_is_asked_before_the_first_step()
    {
        var wrong = Plain with { Model = With(new Swish(0)) };
        var e = Assert.Throws<ArgumentException>(() => wrong.Run(TestData.Digits()));
        Assert.Equal("network.layers.children[2].start must be above 0 but is 0.", e.Message);
    }

    private static CustomNetwork With(Swish activation) =>
        new() { Layers = new Sequential(new Flatten(), new Linear(32), activation, new Linear(10)) };

    /// <summary>x · sigmoid(β·x) with a trained β a feature (Ramachandran et al. 2017, arXiv:1710.05941).</summary>
    private sealed record Swish([property: Above(0)] double Start = 1) : UnaryLeaf
    {
        public override Shape OutputShape(Shape input)
        {
            if (input.Rank != 2)
            {
                throw new ShapeException($"Swish expects [N, C] but got {input}.");
            }

            return input;
        }

        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("beta", [input.Size(1)], new ConstantInit(Start))];

        public override Tensor Forward(Tensor input, LeafState state) => input * (input * state["beta"]).sigmoid();

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Mul", [input, graph.Add("Sigmoid", [graph.Add("Mul", [input, weights["beta"]])])]);
    }
}

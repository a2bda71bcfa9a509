using MlNetDl.Analysis;
using MlNetDl.Files;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tests.Onnx;

namespace MlNetDl.Tests.Models;

/// <summary>Graphs of one package that have weights alike.</summary>
public sealed class SharedWeightsTests
{
    private static readonly Network Whole = new(
        new Sequential(new Linear(64) { Name = "first" }, new ReLU(), new Linear(3) { Name = "last" }),
        Shape.Vector(4));
    private static readonly Network Part = new(new Sequential(new Linear(64) { Name = "first" }), Shape.Vector(4));

    [Fact]
    public void What_graphs_share_is_stored_once_and_read_back_whole()
    {
        var package = Package(Nets.Weights(Whole));
        var bytes = package.ToBytes();
        var read = ModelPackage.Read(bytes);
        Assert.Equal(package.Graphs["model"], read.Graphs["model"]);
        Assert.Equal(package.Graphs["features"], read.Graphs["features"]);
        Assert.Equal(bytes, read.ToBytes());
        Assert.InRange(
            bytes.Length,
            0,
            Alone(package, "model").Length + package.Graphs["features"].Length + 3000 - (64 * 4 * sizeof(float)));

        using var model = new OnnxModel(read.Graphs["features"]);
        Assert.Equal(
            64,
            model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], new float[] { 1, 2, 3, 4 }) })[
                "output"].Floats.Length);
    }

    [Fact]
    public void All_weights_are_those_of_all_graphs_each_once() => Assert.Equal(
        ["first.bias", "first.weight", "last.bias", "last.weight"],
        Package(Nets.Weights(Whole)).ReadWeights().Select(w => w.Name).Order());

    [Fact]
    public void Graphs_with_different_weights_of_one_name_are_one_clear_error()
    {
        var weights = Nets.Weights(Whole);
        var other = new Weights(weights.Select(w => w with { Data = Array.ConvertAll(w.Data, x => x + 1) }));
        var package = Package(weights, OnnxWriter.Write(Part, other));
        Assert.Contains(
            "another weight 'first.",
            Assert.Throws<ModelFormatException>(() => package.ReadWeights()).Message,
            StringComparison.Ordinal);
        Assert.NotEqual(package.Graphs["features"], package.Graphs["model"]);
        Assert.Equal(package.Graphs["features"], ModelPackage.Read(package.ToBytes()).Graphs["features"]);
    }

    [Fact]
    public void A_name_that_stands_for_something_else_in_a_third_graph_is_not_shared()
    {
        var small = new Network(new Sequential(new Linear(1) { Name = "first" }), Shape.Vector(4));
        byte[] part = OnnxWriter.Write(Part, new(Nets.Weights(Whole).Where(w => w.Name.StartsWith("first", StringComparison.Ordinal))));
        var package = new ModelPackage
        {
            Manifest = new() { Graphs = [Signature("one", 64), Signature("two", 64), Signature("three", 1)] },
            Graphs = new Dictionary<string, byte[]>
            {
                ["one"] = part,
                ["two"] = part,
                ["three"] = OnnxWriter.Write(small, Nets.Weights(small)),
            },
        };
        Assert.Equal(package.Graphs, ModelPackage.Read(package.ToBytes()).Graphs);

        static GraphSignature Signature(string name, int outputs) =>
            new(name, [new("input", Shape.Vector(4))], [new("output", Shape.Vector(outputs))]) { Role = "other" };
    }

    [Fact]
    public void Signatures_and_graphs_must_be_of_the_same_names()
    {
        var package = Package(Nets.Weights(Whole));
        var lacking = new ModelPackage
        {
            Manifest = package.Manifest,
            Graphs = new Dictionary<string, byte[]> { ["model"] = package.Graphs["model"] },
        };
        Assert.Contains(
            "claims the graphs model, features, but has model",
            Assert.Throws<InvalidOperationException>(lacking.ToBytes).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no graph 'decode'; it has: model, features",
            Assert.Throws<ArgumentException>(() => package.Manifest.Graph("decode")).Message,
            StringComparison.Ordinal);
    }

    private static byte[] Alone(ModelPackage package, string graph) => new ModelPackage
    {
        Manifest = package.Manifest with { Graphs = [package.Manifest.Graph(graph)] },
        Graphs = new Dictionary<string, byte[]> { [graph] = package.Graphs[graph] },
    }
        .ToBytes();

    private static ModelPackage Package(Weights weights, byte[]? features = null)
    {
        var manifest = Nets.Manifest(3, ["a", "b", "c"]);
        return new()
        {
            Manifest = manifest with
            {
                Graphs =
                [
                    .. manifest.Graphs,
                    new(
                        "features",
                        [new("input", Shape.Vector(4)) { Column = "Features" }],
                        [new("output", Shape.Vector(64)) { Column = "Hidden" }]) { Role = "features" },
                ],
            },
            Graphs = new Dictionary<string, byte[]>
            {
                ["model"] = OnnxWriter.Write(Whole, weights),
                ["features"] = features ?? OnnxWriter.Write(Part, weights),
            },
        };
    }
}

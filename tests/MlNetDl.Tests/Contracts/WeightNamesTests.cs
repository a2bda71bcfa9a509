using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>Weights are shared where the tree says so, and nowhere else.</summary>
[Collection("torch")]
public sealed class WeightNamesTests
{
    private static readonly Shape Four = Shape.Vector(4);

    [Fact]
    public void Layers_that_meet_at_one_path_by_empty_names_are_refused()
    {
        Assert.Contains(
            "another layer has the weights '0' too",
            Problem(new Sequential(
                new Sequential(new Linear(4)) { Name = "" }, new Sequential(new Linear(4)) { Name = "" })),
            StringComparison.Ordinal);
        Assert.Contains(
            "name the layers differently",
            Problem(new Sequential(new ReLU { Name = "" }, new Linear(4) { Name = "" })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_name_that_is_another_layers_path_is_refused() => Assert.Contains(
        "another layer has the weights 'dense' too",
        Problem(new Sequential(new Linear(4) { Name = "dense" }, new Shared("dense", new Linear(4)))),
        StringComparison.Ordinal);

    [Fact]
    public void Layers_below_one_shared_name_have_one_set_of_weights()
    {
        var tree = new Sequential(new Shared("dense", new Linear(4)), new Shared("dense", new Linear(4)));
        Assert.Equal(4 * 4 + 4, new Network(tree, Four).Plan().ParameterCount);
    }

    [Fact]
    public void Layers_without_weights_that_meet_at_one_path_are_refused_by_the_path() => Assert.Contains(
        "another layer stands at the path '0' too; name the layers differently",
        Problem(new Sequential(new Sequential(new ReLU()) { Name = "" }, new Sequential(new Tanh()) { Name = "" })),
        StringComparison.Ordinal);

    /// <summary>Tied embeddings (Press and Wolf 2016): the table that reads tokens is the matrix
    /// that scores them.</summary>
    [Fact]
    public void An_embedding_and_a_linear_layer_share_one_table_that_the_first_fills()
    {
        var embedding = new Embedding(7, 4) { WeightInit = new ConstantInit(0.5) };
        var tree = new Sequential(new Shared("table", embedding), new Shared("table", new Linear(7) { Bias = false }));
        var plan = new Network(tree, Shape.Tokens()).Plan();
        Assert.Equal(28, plan.ParameterCount);
        Assert.All(plan.Steps, s => Assert.Equal(new ConstantInit(0.5), Assert.Single(s.Parameters).Init));
        using var network = new TorchNetwork(plan);
        using var scope = NewDisposeScope();
        var scores = network.Forward(zeros([1, 2], TorchSharp.torch.ScalarType.Int64))["output"];
        Assert.Equal(Enumerable.Repeat(4 * 0.25f, 14), scores.data<float>().ToArray());
        Assert.True(OnnxParity.Difference(network, zeros([1, 2], TorchSharp.torch.ScalarType.Int64)) < 1e-6);
    }

    [Fact]
    public void Layers_that_share_weights_must_ask_for_the_same_dimensions_and_the_same_fixed_values()
    {
        var message = Problem(new Sequential(new Shared("w", new Normalize([0], [1])), new Shared("w", new Normalize([0, 0, 0, 0], [1]))));
        Assert.Contains(
            "'w' are shared by layers that ask for different ones: mean [1] of fixed values [0], scale [1] of fixed "
                + "values [1] and mean [4]",
            message,
            StringComparison.Ordinal);
        Assert.Contains(
            "mean [1] of fixed values [0.5], scale [1] of fixed values [0.5].",
            Problem(
                new Sequential(new Shared("w", new Normalize([0], [1])), new Shared("w", new Normalize([0.5f], [2])))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_name_may_begin_with_a_layer_without_weights()
    {
        using var network = new TorchNetwork(new(new Sequential(new Shared("x", new ReLU()), new Shared("x", new Linear(2))), Four));
        Assert.Equal(["x.weight", "x.bias"], network.Tensors.Select(t => t.Name));
    }

    [Fact]
    public void Trees_that_mean_nothing_say_so()
    {
        Assert.Contains("Branches has no branch", Problem(new Branches(new Sum(), [])), StringComparison.Ordinal);
        Assert.Contains(
            "a Tap is named 'output'",
            Problem(new Sequential(new Tap("output") { Role = TapRole.Output }, new Linear(2))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(Sum))]
    [InlineData(typeof(Product))]
    [InlineData(typeof(Concat))]
    public void A_join_of_one_branch_does_not_let_what_follows_overwrite_its_input(Type join)
    {
        using var network = new TorchNetwork(new(
            new Sequential(new Branches((Join)Activator.CreateInstance(join)!, [new Sequential()]), new ReLU()),
            Shape.Vector(2)));
        using var scope = NewDisposeScope();
        var input = tensor(new[] { -1f, 2f }).reshape(1, 2);
        Assert.Equal([0f, 2f], network.Forward(input)["output"].data<float>().ToArray());
        Assert.Equal([-1f, 2f], input.data<float>().ToArray());
    }

    private static string Problem(Layer tree) => Assert.Throws<ShapeException>(() => new Network(tree, Four).Plan()).Message;
}

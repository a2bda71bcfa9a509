using Microsoft.ML;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tests.MlNet;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Recipes;

/// <summary>The model that a training will leave is loaded and scored before the first step.</summary>
[Collection("torch")]
public sealed class DraftTrialTests
{
    private readonly MLContext ml = new(seed: 1);

    static DraftTrialTests() => Catalogs.Layers.Register<Misspelt>().Register<Elsewhere>().Register<Wider>();

    [Fact]
    public void An_operator_that_ONNX_Runtime_does_not_know_is_refused_before_the_first_step()
    {
        var message = Refused<NotSupportedException>(new Misspelt());
        Assert.Contains(
            "graph 'model' that this training would leave cannot be scored, so nothing was trained",
            message,
            StringComparison.Ordinal);
        Assert.Contains("Rleu", message, StringComparison.Ordinal);
        Assert.Contains("WriteOnnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_computes_something_else_is_refused_before_the_first_step() => Assert.Contains(
        "computes something else than the network, so nothing was trained: of its output 'output' value",
        Refused<InvalidOperationException>(new Elsewhere()),
        StringComparison.Ordinal);

    [Fact]
    public void A_graph_of_another_shape_is_refused_before_the_first_step() => Assert.Contains(
        "torch gives [2, 1], ONNX Runtime [2, 2]",
        Refused<InvalidOperationException>(new Wider()),
        StringComparison.Ordinal);

    private string Refused<TException>(Layer layer) where TException : Exception
    {
        var network = new CustomNetwork { Layers = new Sequential(new Linear(8), new ReLU(), new Linear(1), layer) };
        var (data, trainer) = TrainerContractTests.Case(
            ml, PredictionTask.Regression, o => (o.Network, o.Callbacks) = (network, [new NoStep()]));
        return Assert.Throws<TException>(() => trainer.Fit(data)).Message;
    }

    private sealed class NoStep : Callback
    {
        public override void StepEnded(TrainingProgress progress) => Assert.Fail("A step was taken.");
    }

    internal sealed record Misspelt : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state) => input * 1;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Rleu", [input]);
    }

    internal sealed record Elsewhere : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state) => input.tanh();

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Sigmoid", [input]);
    }

    internal sealed record Wider : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state) => input * 1;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Concat", [input, input], ("axis", 1));
    }
}

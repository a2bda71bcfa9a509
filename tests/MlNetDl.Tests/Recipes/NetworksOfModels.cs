using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Recipes;

/// <summary>An encoder and a decoder, trained together without labels; their weights may have the same names.</summary>
internal sealed record EncoderDecoder : ModelSpec
{
    public bool SameNames { get; init; }

    /// <summary>Says of each graph whose weights it takes, where that matters; another says a network that
    /// there is not.</summary>
    public string Decoder { get; init; } = "decoder";

    public override IReadOnlyList<string> Columns => ["Code"];

    public override StepSpec Step => new Reconstruct();

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context) => new Dictionary<string, Network>
    {
        ["encoder"] = new(
            new Sequential([.. context.Preprocessing, new Linear(3) { Name = SameNames ? "dense" : "encode" }]),
            context.Input),
        ["decoder"] = new(new Sequential(new Linear(context.Input.Size(1)) { Name = SameNames ? "dense" : "decode" }), Shape.Vector(3)),
    };

    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks) =>
    [
        new("encoder", networks["encoder"])
        {
            Role = "encode",
            WeightsOf = SameNames ? "encoder" : null,
            OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = "Code" },
        },
        new("decoder", networks["decoder"])
        {
            Role = "decode",
            WeightsOf = SameNames ? Decoder : null,
            InputColumns = new Dictionary<string, string> { [Network.DefaultInput] = "Code" },
            OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = "Decoded" },
        },
    ];
}

internal sealed record Reconstruct : StepSpec
{
    public override TrainingStep Start(StepStart start) => new ReconstructStep(start);

    private sealed class ReconstructStep(StepStart start) : TrainingStep
    {
        private readonly OptimizerRun optimizer = start.Options.Optimizer.Start(
            [.. start.Networks.Values.SelectMany(n => n.Tensors).Where(t => t.Trainable).Select(t => t.Tensor)]);
        private double last;

        public override IReadOnlyDictionary<string, TorchNetwork> Networks => start.Networks;

        public override IReadOnlyList<OptimizerRun> Optimizers => [optimizer];

        public override IReadOnlyList<Figure> Figures => [new("loss", Goal.Minimize)];

        public override IReadOnlyDictionary<string, double> RunningMetrics => new Dictionary<string, double> { ["loss"] = last };

        public override double[] RunningSums
        {
            get => [last];
            set => last = value[0];
        }

        public override StepResult Run(IBatchSource batches, StepPosition at)
        {
            var batch = batches.Next()!;
            optimizer.ZeroGradients();
            var code = start.Networks["encoder"].Forward(batch.Inputs)[Network.DefaultOutput];
            var loss = (start.Networks["decoder"].Forward(code)[Network.DefaultOutput] - batch.Inputs[0]).square().mean();
            loss.backward();
            optimizer.Step(start.Options.Optimizer.LearningRate);
            last = loss.item<float>();
            return new(last, batch.Count);
        }

        public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches) => RunningMetrics;
    }
}

/// <summary>A network whose second input nothing gives.</summary>
internal sealed record TwoInputs : ModelSpec
{
    public override StepSpec Step => new Reconstruct();

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context) => new Dictionary<string, Network>
    {
        ["network"] = new(new Sequential(new Linear(3)), [new(Network.DefaultInput, context.Input), new("other", Shape.Vector(3))]),
    };

    public override IReadOnlyList<ModelGraph> Graphs(
        ModelContext context, IReadOnlyDictionary<string, Network> networks) =>
        [new("model", networks["network"]) { Role = "encode" }];
}

/// <summary>A stage that puts a layer behind the network whose graph computes something else.</summary>
internal sealed record Grow : Stage
{
    public override TrainedModel Run(StageContext context)
    {
        var network = context.Model.Networks[NetworkSpec.NetworkName];
        var grown = network with { Root = new Sequential([.. ((Sequential)network.Root).Children, new Untrue()]) };
        return context.Model with { Networks = new Dictionary<string, Network> { [NetworkSpec.NetworkName] = grown } };
    }
}

/// <summary>A layer whose graph computes something else than it does.</summary>
internal sealed record Untrue : Elementwise
{
    public override Tensor Forward(Tensor input, LeafState state) => input.tanh();

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Sigmoid", [input]);
}

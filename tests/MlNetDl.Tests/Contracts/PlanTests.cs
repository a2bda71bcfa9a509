using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

[Collection("torch")]
public sealed class PlanTests
{
    [Fact]
    public void What_only_training_needs_is_an_output_while_it_trains_and_nowhere_else()
    {
        var network = new Network(
            new Sequential(new Tap("mean", new Linear(2)) { Role = TapRole.Training }, new Linear(3)), Shape.Vector(4));
        Assert.Equal(network, RecordJson.Deserialize<Network>(RecordJson.Serialize(network)));
        using var torch = new TorchNetwork(network);
        using var scope = NewDisposeScope();
        Assert.Equal(["output", "mean"], torch.Forward(zeros(1, 4)).Keys);
        Assert.Equal((TapRole.Training, 1.0), (torch.Plan.Outputs[1].Role, torch.Plan.Outputs[1].LossWeight));
        torch.SetTraining(false);
        Assert.Equal(["output"], torch.Forward(zeros(1, 4)).Keys);
        Assert.DoesNotContain(OnnxReader.ReadWeights(OnnxWriter.Write(torch.Plan, torch.ReadWeights())),
            w => w.Name.Contains("mean", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_serves_torch_and_onnx_as_its_network_does()
    {
        var network = new Network(new Sequential(new Linear(3), new ReLU()), Shape.Vector(4));
        var plan = network.Plan();
        using var torch = new TorchNetwork(plan);
        Assert.Same(plan, torch.Plan);
        var weights = torch.ReadWeights();
        Assert.Equal(OnnxWriter.Write(network, weights), OnnxWriter.Write(plan, weights));
        Assert.Equal(OnnxWriter.Write(plan, weights), OnnxWriter.Write(plan.ForScoring(), weights));
    }
}

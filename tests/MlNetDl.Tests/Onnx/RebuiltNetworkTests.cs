using MlNetDl.Models;
using System.Text.Json;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Onnx;

[Collection("torch")]
public sealed class RebuiltNetworkTests
{
    [Fact]
    public void From_a_package_the_trainable_network_can_be_rebuilt_with_its_auxiliary_head()
    {
        using var original = new TorchNetwork(Nets.Heads);
        var weights = original.ReadWeights();
        var inGraph = Nets.Heads.Plan().ForScoring().Parameters.Select(p => p.Name).ToHashSet();
        var bytes = new ModelPackage
        {
            Manifest = Nets.Manifest(3, ["a", "b", "c"]) with
            {
                Networks = new Dictionary<string, JsonElement>
                {
                    [ModelPackage.MainNetwork] = JsonSerializer.SerializeToElement(RecordJson.ToNode(Nets.Heads)),
                },
            },
            Graphs = new Dictionary<string, byte[]> { [ModelPackage.MainGraph] = OnnxWriter.Write(Nets.Heads, weights) },
            TrainingWeights = new(weights.Where(w => !inGraph.Contains(w.Name))),
        }.ToBytes();

        var package = ModelPackage.Read(bytes);
        var network = RecordJson.Deserialize<Network>(package.Manifest.Networks[ModelPackage.MainNetwork].GetRawText());
        Assert.Equal(Nets.Heads, network);
        using var rebuilt = new TorchNetwork(network);
        rebuilt.LoadWeights(package.ReadWeights());

        using var scope = NewDisposeScope();
        var input = Nets.Values(12);
        var x = tensor(input).reshape(3, 4);
        var (expected, got) = (original.Forward(x), rebuilt.Forward(x));
        Assert.Equal(["auxiliary", "hidden", "output"], got.Keys.Order());
        Assert.All(expected, e => Assert.Equal(e.Value.data<float>().ToArray(), got[e.Key].data<float>().ToArray()));

        rebuilt.SetTraining(false);
        using var model = new OnnxModel(package.Graphs[ModelPackage.MainGraph]);
        var scored = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([3, 4], input) });
        Assert.All(rebuilt.Forward(x), e => Assert.Equal(
            e.Value.data<float>().ToArray(), scored[e.Key].Floats, (a, b) => Math.Abs(a - b) < 1e-5f));
    }
}

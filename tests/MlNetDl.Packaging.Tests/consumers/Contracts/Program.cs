// Runs the contracts over a layer of one's own and over a sampler, without a test framework. Prints how many facts hold,
// and what a bad layer breaks.
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Search.Samplers;
using MlNetDl.Testing;
using TorchSharp;

Catalogs.Layers.Register<Swish>().Register<Forgetful>();

// The contracts of the search come with this package.
ContractFact[] facts = [.. LayerContract.Of(new Swish { Slope = 1.5 }, Shape.Vector(6)), .. SamplerContract.Of(() => new RandomSampler())];
facts.RunAll();
Console.WriteLine($"{facts.Length} facts hold");
try
{
    LayerContract.Of(new Forgetful { Slope = 1.5 }, Shape.Vector(6)).RunAll();
}
catch (ContractException e)
{
    Console.WriteLine(e.Message);
}

/// <summary>x · sigmoid(slope · x) (Ramachandran et al. 2017, arXiv:1710.05941).</summary>
internal sealed record Swish : Elementwise
{
    public double Slope { get; init; } = 1;

    public override torch.Tensor Forward(torch.Tensor input, LeafState state) => input * (input * Slope).sigmoid();

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var scaled = graph.Add("Mul", [input, graph.Constant("slope", new[] { (float)Slope }, scalar: true)]);
        return graph.Add("Mul", [input, graph.Add("Sigmoid", [scaled])]);
    }
}

/// <summary>Forgets the slope where it is written as ONNX, and so scores something else than it trained.</summary>
internal sealed record Forgetful : Elementwise
{
    public double Slope { get; init; } = 1;

    public override torch.Tensor Forward(torch.Tensor input, LeafState state) => input * (input * Slope).sigmoid();

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Mul", [input, graph.Add("Sigmoid", [input])]);
}

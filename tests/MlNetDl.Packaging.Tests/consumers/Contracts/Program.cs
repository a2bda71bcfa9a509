// Runs the contracts over a layer and a sampler of one's own, without a test framework. Prints how many facts hold, and
// what a bad sampler breaks.
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Testing;
using TorchSharp;

Catalogs.Layers.Register<Swish>();
SearchCatalogs.Samplers.Register<Uniformly>().Register<Forgetful>();

var layer = LayerContract.Of(new Swish { Slope = 1.5 }, Shape.Vector(6));
var sampler = SamplerContract.Of(() => new Uniformly());
layer.RunAll();
sampler.RunAll();
Console.WriteLine($"{layer.Count + sampler.Count} facts hold");
try
{
    SamplerContract.Of(() => new Forgetful()).RunAll();
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

/// <summary>Draws every parameter by itself.</summary>
internal sealed record Uniformly : Sampler
{
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        distribution.FromUnit(Random(trial, name).NextDouble());
}

/// <summary>Keeps its generator, and so proposes something else when a study is opened again.</summary>
internal sealed record Forgetful : Sampler
{
    private static readonly Random Generator = new(1);

    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        distribution.FromUnit(Generator.NextDouble());
}

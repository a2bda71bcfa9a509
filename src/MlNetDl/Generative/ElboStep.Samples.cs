using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <content>New rows while it trains: codes of the prior, decoded by the weights of now.</content>
internal sealed partial class ElboStep : IMakesSamples
{
    public Shape SampleShape => network.Plan.Network.Inputs[0].Shape;

    public double SamplePeak => peak;

    // A network of its own has the graph's last layers too, and leaves the trained one alone.
    public float[] MakeSamples(int count, int seed)
    {
        var codes = model.Prior.Sample(count, model.Latent, new Random(seed));
        var graph = model.Graphs(new ModelContext { Input = SampleShape }, new Dictionary<string, Network> { [Vae.NetworkName] = network.Plan.Network })
            .Single(g => g.Name == Vae.Decode);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var generator = get_rng_state();
        using var decoder = new TorchNetwork(graph.Network);
        set_rng_state(generator);
        decoder.LoadWeights(network.ReadWeights().WithFixed(decoder.Plan));
        decoder.SetTraining(false);
        var rows = decoder.Forward(tensor(codes).reshape(count, model.Latent))[Network.DefaultOutput];
        return rows.contiguous().data<float>().ToArray();
    }
}

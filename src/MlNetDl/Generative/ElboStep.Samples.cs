using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tree = MlNetDl.Analysis.Network;

namespace MlNetDl.Generative;

/// <content>New rows while it trains: codes of the prior, decoded by the weights of now.</content>
internal sealed partial class ElboStep : IMakesSamples
{
    public Shape SampleShape => Network.Plan.Network.Inputs[0].Shape;

    public double SamplePeak => Peak;

    // A network of its own has the graph's last layers too, and leaves the trained one alone.
    public float[] MakeSamples(int count, int seed)
    {
        var codes = model.Prior.Sample(count, model.Latent, new Random(seed));
        var graph = model.Graphs(
                new() { Input = SampleShape, Label = label }, new Dictionary<string, Tree> { [model.NetworkName] = Network.Plan.Network })
            .Single(g => g.Name == LatentModel.Decode);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var generator = get_rng_state();
        using var decoder = new TorchNetwork(graph.Network);
        set_rng_state(generator);
        var weights = Network.ReadWeights();
        decoder.LoadWeights(weights.WithFixed(decoder.Plan));
        decoder.SetTraining(false);
        // Classes in turn, as VaeModel.Generate makes them.
        int[] classes = [.. Enumerable.Range(0, count).Select(i => i % Math.Max(1, Classes))];
        if (model.Prior is LearnedNormal)
        {
            var (matrix, shift) = (weights[$"{Vae.PriorOutput}.weight"].Data, weights[$"{Vae.PriorOutput}.bias"].Data);
            foreach (var (row, index) in classes.Index())
            {
                float[] prior = [.. shift.Select((b, i) => b + matrix[(i * Classes) + index])];
                model.Prior.Place(codes.AsSpan(row * model.Latent, model.Latent), prior);
            }
        }

        var latent = tensor(codes).reshape(count, model.Latent);
        var made = model.Condition is null
            ? decoder.Forward(latent)
            : decoder.Forward(latent, OneHot(tensor(Array.ConvertAll(classes, c => (long)c))));
        return made[Tree.DefaultOutput].contiguous().data<float>().ToArray();
    }
}

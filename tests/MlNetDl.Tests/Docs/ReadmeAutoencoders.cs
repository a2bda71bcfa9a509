namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/generation.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeAutoencoders
{
    public static (IDataView Repaired, IReadOnlyList<float[]> Sevens) Run(MLContext ml, IDataView data)   // Features: a vector; Digit: a key
    {
        var layers = new Mlp { Hidden = [64] };
        var denoising = new Autoencoder { Latent = 12, Peak = 16, Encoder = layers, Decoder = layers, Noise = new GaussianNoise(0.3) };
        using var fitted = ml.Generation().Trainers.NeuralNetwork(denoising, epochs: 10).Fit(data);

        var told = new Vae { Latent = 4, Peak = 16, Encoder = layers, Decoder = layers, Condition = new() };
        using var digits = ml.Generation().Trainers.NeuralNetwork(told, conditionColumnName: "Digit", epochs: 10).Fit(data);
        return (fitted.Reconstruction().Transform(data), digits.Generate(8, seed: 1, condition: "7"));
    }
}
// </example>

namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/generation.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeVae
{
    public static (IReadOnlyList<float[]> Made, VaeLikelihood Likelihood) Run(MLContext ml, IDataView train, IDataView test)   // Features: a vector
    {
        var model = new Vae { Latent = 8, Peak = 16, Encoder = new Mlp { Hidden = [64] }, Decoder = new Mlp { Hidden = [64] } };
        using var fitted = ml.Generation().Trainers.NeuralNetwork(model, epochs: 10).Fit(train);

        var codes = fitted.Transform(test);                              // adds Latent (the mean) and LatentLogVariance
        var again = fitted.Reconstruction().Transform(test);             // adds Generated, in the units of the features
        var decoded = fitted.Decoder("Latent").Transform(codes);         // Latent to Generated
        return (fitted.Generate(16, seed: 1), ml.Generation().Evaluate(fitted, test, samples: 20));
    }
}
// </example>

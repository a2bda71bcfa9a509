namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/generation.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeAnomalies
{
    // Features: a vector; IsStrange, in test alone: a Single of 0 and 1, as ML.NET's evaluation takes it
    public static (AnomalyReport Report, AnomalyDetectionMetrics Figures) Run(MLContext ml, IDataView normal, IDataView test)
    {
        var model = new Vae { Latent = 6, Peak = 16, Encoder = new Mlp { Hidden = [48] }, Decoder = new Mlp { Hidden = [48] } };
        using var detector = ml.AnomalyDetection.Trainers.NeuralNetwork(model, falseAlarms: 0.05, epochs: 15).Fit(normal);

        var report = AnomalyReport.Of(detector.Package)!;                // Threshold, Rows, Alarms, …
        var scored = detector.Transform(test);                           // adds Score, PredictedLabel and Excess
        return (report, ml.AnomalyDetection.Evaluate(scored, labelColumnName: "IsStrange", falsePositiveCount: 50));
    }
}
// </example>

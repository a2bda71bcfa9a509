using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.MlNet;
using MlNetDl.Training;

namespace MlNetDl.RecordCurves;

/// <summary>Trains on the optdigits training part, of which 30 % are held out.</summary>
internal static class Training
{
    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false);

    /// <summary>The share of held-out digits recognised after each epoch; NaN from the epoch on in
    /// which training diverged.</summary>
    public static double[] Curve(Configuration configuration, int epochs, int seed)
    {
        var curve = Enumerable.Repeat(double.NaN, epochs).ToArray();
        var options = new NeuralNetworkOptions
        {
            Network = configuration.Network(),
            Training = configuration.Training(epochs, seed),
            Image = new ImageInput(1, 8, 8),
            FeatureColumnName = "Image",
            Callbacks = [new Recorder(curve)],
        };
        try
        {
            new MLContext(seed).MulticlassClassification.Trainers.NeuralNetwork(options).Fit(Digits).Dispose();
        }
        catch (TrainingDivergedException)
        {
            // What was reached before stands in the curve.
        }

        return curve;
    }

    private sealed class Recorder(double[] curve) : Callback
    {
        public override bool EpochEnded(EpochReport epoch)
        {
            curve[epoch.Epoch - 1] = epoch.Validation["accuracy"];
            return true;
        }
    }
}

namespace MlNetDl.Cli.Tests.Docs;

// <example>
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Statistics;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

public sealed class ReadmeTuning(string datasets)
{
    private readonly MLContext ml = new();

    public Comparison Run(string database)
    {
        using var study = Study.Open(database, "iris", pruner: new MedianPruner());
        if (study.Trials.Count == 0)
        {
            study.Enqueue(new Dictionary<string, object?> { ["learningRate"] = 0.001, ["hidden"] = 16 });   // the default takes part
        }

        study.Optimize(trial => Train(trial.LogUniform("learningRate", 1e-4, 1e-1), trial.Integer("hidden", 4, 64, log: true), seed: 1, new PruneByEpoch(trial)).Validation, trials: 12);
        double rate = study.Best!.ValueOf<double>("learningRate");
        int hidden = study.Best.ValueOf<int>("hidden");

        // Is it better, whatever the seed? By the test part, which has chosen nothing.
        double[] Losses(double rate, int hidden) => [.. Enumerable.Range(1, 6).Select(seed => Train(rate, hidden, seed).Test)];
        return Comparison.Of("tuned", Losses(rate, hidden), "default", Losses(0.001, 16), Goal.Minimize);
    }

    private (double Validation, double Test) Train(double rate, int hidden, int seed, params Callback[] callbacks)
    {
        var rows = ml.Data.LoadFromTextFile($"{datasets}/tabular/iris.csv", [new("Features", DataKind.Single, 0, 3), new("Species", DataKind.String, 4)], ',', hasHeader: true);
        var parts = ml.Data.TrainTestSplit(rows, testFraction: 0.3, seed: 1);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Species").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [hidden] },
            Training = new() { Epochs = 20, BatchSize = 16, Optimizer = new Adam { LearningRate = rate }, ValidationFraction = 0.3, Seed = seed },
            Callbacks = callbacks,
        }));
        var model = pipeline.Fit(parts.TrainSet);
        return (model.LastTransformer.TrainingReport!.Epochs[^1].Validation["loss"], ml.MulticlassClassification.Evaluate(model.Transform(parts.TestSet)).LogLoss);
    }

    private sealed class PruneByEpoch(Trial trial) : Callback
    {
        public override bool EpochEnded(EpochReport epoch)
        {
            trial.ReportAndMaybePrune(epoch.Epoch, epoch.Validation["loss"]);
            return true;
        }
    }
}
// </example>

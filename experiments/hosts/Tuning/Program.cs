// Searches learning rate and width of a network on iris, prunes hopeless trainings by epoch, and tells whether the
// winner is better than the defaults, whatever the seed:
//   dotnet run -c Release --project experiments/hosts/Tuning -- runs/tuning.db
// The study survives its process: run the command again, and the search goes on where it was.
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Statistics;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Tuning STUDY.db");
    return 2;
}

var ml = new MLContext();
var rows = ml.Data.LoadFromTextFile(
    DatasetFolder.Find("tabular/iris.csv"),
    [new("Features", DataKind.Single, 0, 3), new("Species", DataKind.String, 4)],
    separatorChar: ',',
    hasHeader: true);

// The test part chooses nothing: it is kept for the comparison.
var parts = ml.Data.TrainTestSplit(rows, testFraction: 0.3, seed: 1);

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[0]))!);
using var study = Study.Open(args[0], "iris", pruner: new MedianPruner());
if (study.Trials.Count == 0)
{
    // The defaults take part.
    study.Enqueue(new Dictionary<string, object?> { ["learningRate"] = 0.001, ["hidden"] = 16 });
}

study.Optimize(
    trial =>
    {
        double rate = trial.LogUniform("learningRate", 1e-4, 1e-1);
        int hidden = trial.Integer("hidden", 4, 64, log: true);
        return Train(rate, hidden, seed: 1, new PruneByEpoch(trial)).Validation;
    },
    trials: 12);
Console.WriteLine(study.Best);

double bestRate = study.Best!.ValueOf<double>("learningRate");
int bestHidden = study.Best.ValueOf<int>("hidden");
Console.WriteLine(Comparison.Of("tuned", Losses(bestRate, bestHidden), "default", Losses(0.001, 16), Goal.Minimize));
return 0;

double[] Losses(double rate, int hidden) => [.. Enumerable.Range(1, 6).Select(seed => Train(rate, hidden, seed).Test)];

(double Validation, double Test) Train(double rate, int hidden, int seed, params Callback[] callbacks)
{
    var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
    {
        Network = new Mlp { Hidden = [hidden] },
        Training = new()
        {
            Epochs = 20,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = rate },
            ValidationFraction = 0.3,
            Seed = seed,
        },
        Callbacks = callbacks,
    });
    var model = ml.Transforms.Conversion.MapValueToKey("Label", "Species").Append(trainer).Fit(parts.TrainSet);
    double test = ml.MulticlassClassification.Evaluate(model.Transform(parts.TestSet)).LogLoss;
    return (model.LastTransformer.TrainingReport!.Epochs[^1].Validation["loss"], test);
}

/// <summary>Tells a trial how its training stands after each epoch; a hopeless one ends there.</summary>
internal sealed class PruneByEpoch(Trial trial) : Callback
{
    public override bool EpochEnded(EpochReport epoch)
    {
        trial.ReportAndMaybePrune(epoch.Epoch, epoch.Validation["loss"]);
        return true;
    }
}

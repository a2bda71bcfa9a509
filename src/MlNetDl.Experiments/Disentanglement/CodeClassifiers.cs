using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace MlNetDl.Experiments;

/// <summary>Classifiers of codes, by ML.NET. They use one thread and a fixed seed, so equal rows give equal results.</summary>
internal static class CodeClassifiers
{
    // The margin below which the loss of support vector machines is linear is 1 less this.
    private const float Smoothing = 50;

    /// <summary>The accuracy of a multinomial logistic regression with a penalty of half the squared weights.</summary>
    public static double LogisticRegression(LabelledCodes training, LabelledCodes test, int classes, CancellationToken stop = default)
    {
        var ml = new MLContext(seed: 0);
        stop.ThrowIfCancellationRequested();
        var model = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = 1,
            NumberOfThreads = 1,
        }).Fit(training.Keyed(ml, classes));
        var told = model.Transform(test.Keyed(ml, classes)).GetColumn<uint>("PredictedLabel");
        return told.Zip(test.Labels, (key, label) => key == label + 1 ? 1.0 : 0).Average();
    }

    /// <summary>The accuracy of linear support vector machines, one for each class, of which the one that is surest tells
    /// the class. The classes count the same, and squared errors have the weight C against half the squared weights.</summary>
    /// <remarks>The plain hinge loss has no single minimum for a class between two others. ML.NET has no squared one, but its
    /// smoothed one is (1 − margin)² / (2s) for all margins above 1 − s.</remarks>
    public static double SupportVectors(
        LabelledCodes training, LabelledCodes test, int classes, double errorWeight, CancellationToken stop = default)
    {
        var ml = new MLContext(seed: 0);
        var options = new SdcaNonCalibratedBinaryTrainer.Options
        {
            ExampleWeightColumnName = "Weight",
            LossFunction = new SmoothedHingeLoss(Smoothing),
            L1Regularization = 0,
            L2Regularization = (float)(1 / (2 * Smoothing * errorWeight * training.Count)),
            ConvergenceTolerance = 0.001f,
            MaximumNumberOfIterations = 100,
            NumberOfThreads = 1,
        };
        return Accuracy(
            training,
            test,
            classes,
            label => ml.BinaryClassification.Trainers.SdcaNonCalibrated(options).Fit(training.Against(ml, label)),
            ml,
            stop);
    }

    /// <summary>The accuracy of boosted trees, one ensemble for each class, of which the one that is surest tells the
    /// class.</summary>
    /// <param name="training">What is learned from.</param>
    /// <param name="test">What is judged on.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="trees">The number of trees of an ensemble.</param>
    /// <param name="gains">The gain of all splits by each feature is added here.</param>
    /// <param name="stop">Cancels it.</param>
    public static double BoostedTrees(
        LabelledCodes training, LabelledCodes test, int classes, int trees, double[] gains, CancellationToken stop = default)
    {
        var ml = new MLContext(seed: 0);
        return Accuracy(training, test, classes, label =>
        {
            var fitted = ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
            {
                NumberOfTrees = trees,
                NumberOfLeaves = 8,
                LearningRate = 0.1,
                NumberOfThreads = 1,
            }).Fit(training.Against(ml, label));
            foreach (var tree in fitted.Model.SubModel.TrainedTreeEnsemble.Trees)
            {
                for (int node = 0; node < tree.NumberOfNodes; node++)
                {
                    gains[tree.NumericalSplitFeatureIndexes[node]] += Math.Max(0, tree.SplitGains[node]);
                }
            }

            return fitted;
        }, ml, stop);
    }

    // A class without rows to learn from is never told. Where one class has all rows, or all rows are equal, the most
    // frequent class is always told.
    private static double Accuracy(
        LabelledCodes training, LabelledCodes test, int classes, Func<int, ITransformer> fit, MLContext ml, CancellationToken stop)
    {
        var counts = training.ClassCounts(classes);
        int[] told = [.. test.Labels.Select(_ => Array.IndexOf(counts, counts.Max()))];
        bool varies = training.Rows.Any(r => !r.AsSpan().SequenceEqual(training.Rows[0]));
        var best = new float[test.Count];
        Array.Fill(best, float.NegativeInfinity);
        for (int label = 0; varies && label < classes; label++)
        {
            if (counts[label] == 0 || counts[label] == training.Count)
            {
                continue;
            }

            // ML.NET's trainers take no token; a fit is short.
            stop.ThrowIfCancellationRequested();
            int row = 0;
            foreach (float score in fit(label).Transform(test.Keyed(ml, classes)).GetColumn<float>("Score"))
            {
                (best[row], told[row]) = score > best[row] ? (score, label) : (best[row], told[row]);
                row++;
            }
        }

        return told.Zip(test.Labels, (a, b) => a == b ? 1.0 : 0).Average();
    }
}

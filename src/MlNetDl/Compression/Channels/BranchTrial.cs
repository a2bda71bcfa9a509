using MlNetDl.Analysis;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Tries how well a network does on training examples, in evaluation mode.</summary>
internal static class BranchTrial
{
    /// <summary>Refuses a model that is trained without labels, or whose task has no metric where one is asked
    /// for.</summary>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void Check(StageContext context, BlockCost by)
    {
        var name = by == BlockCost.Metric ? "metric" : "loss";
        if (context.Task is not { } task)
        {
            throw new ArgumentException($"blockPruning.by is {name}, which needs labels, but the model is trained without; take normScale.");
        }

        if (by == BlockCost.Metric && task.TrainingMetrics.Count == 0)
        {
            throw new ArgumentException($"blockPruning.by is metric, but {task.GetType().Name} has no training metric; take loss.");
        }
    }

    /// <summary>What the network costs, less where it does better: the loss, or the task's first training metric and then
    /// the loss.</summary>
    /// <param name="context">The data and the task.</param>
    /// <param name="by">The loss or the metric.</param>
    /// <param name="plan">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="examples">How many examples are looked at, rounded up to whole batches.</param>
    public static (double First, double Second) CostOf(StageContext context, BlockCost by, Plan plan, Weights weights, int examples)
    {
        IReadOnlyList<Metric> metrics = by == BlockCost.Metric ? [context.Task!.TrainingMetrics[0]] : [];
        using var scoring = new TorchNetwork(
            new Network(context.Task!.ScoringLayer(context.Scale), plan.Outputs[0].Shape), TorchSession.Device(context.Options.Device));
        scoring.SetTraining(false);
        var figures = new SupervisedFigures(metrics, context.Task!.Scores, scoring, context.Scale) { YesAbove = context.Task.YesAbove };
        DataPasses.Run(context, plan, weights, examples, (torch, batch) =>
        {
            using var none = no_grad();
            var (loss, output) = DataPasses.LossAndOutput(context, torch, batch, "blockPruning");
            figures.Add(loss.item<float>(), batch.Count, output, batch.Target!);
        });
        double mean = Cost(figures.Values[SupervisedFigures.Loss]);
        if (metrics.Count == 0)
        {
            return (mean, 0);
        }

        double figure = figures.Values[metrics[0].FigureName];
        return (Cost(metrics[0].Goal == Goal.Maximize ? -figure : figure), mean);
    }

    private static double Cost(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;
}

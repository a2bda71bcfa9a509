using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Passes of training data through the network that is scored, in evaluation mode: without dropout, by running
/// statistics.</summary>
internal static class DataPasses
{
    /// <summary>The stage with the data of a score.</summary>
    /// <param name="scoring">What is scored.</param>
    /// <param name="score">The name of the score.</param>
    /// <exception cref="ArgumentException">There is no data, or several networks that it might go through.</exception>
    public static StageContext StageOf(ChannelScoring scoring, string score)
    {
        var stage = scoring.Stage ?? throw new ArgumentException($"{score} needs data, but there is no stage that gives any; take a "
            + "score of weights, such as l1Norm.");
        return stage.Model.Networks.Count == 1 ? stage : throw new ArgumentException(
            $"{score} follows the data through one network, but the model has {string.Join(" and ", stage.Model.Networks.Keys)}; take a "
                + "score of weights, such as l1Norm.");
    }

    /// <summary>Calls <paramref name="pass"/> with whole batches until so many examples were seen.</summary>
    public static void Run(StageContext stage, Plan plan, Weights weights, int examples, Action<TorchNetwork, Batch> pass)
    {
        using var network = new TorchNetwork(plan, TorchSession.Device(stage.Options.Device));
        network.LoadWeights(weights);
        network.SetTraining(false);
        Run(stage, examples, batch => pass(network, batch));
    }

    /// <summary>Calls <paramref name="pass"/> with whole batches until so many examples were seen.</summary>
    public static void Run(StageContext stage, int examples, Action<Batch> pass)
    {
        using var batches = stage.Data.Epoch(0).GetEnumerator();
        for (int seen = 0; seen < examples;)
        {
            stage.Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
            {
                return;
            }

            pass(batches.Current);
            seen += batches.Current.Count;
        }
    }

    /// <summary>The task by whose loss a model is trained.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LearningTask TaskOf(StageContext stage, string who) =>
        stage.Task ?? throw new ArgumentException($"{who} needs labels, but the model is trained without; take another score.");

    /// <summary>The loss of a batch, by which the model is trained: with weights of examples and classes.</summary>
    public static Tensor Loss(StageContext stage, TorchNetwork network, Batch batch, string who) =>
        LossAndOutput(stage, network, batch, who).Loss;

    /// <summary>The loss of a batch, and the network's last value.</summary>
    public static (Tensor Loss, Tensor Output) LossAndOutput(StageContext stage, TorchNetwork network, Batch batch, string who)
    {
        var task = TaskOf(stage, who);
        var target = batch.Target ?? throw new ArgumentException($"{who} needs a target named '{Batch.DefaultTarget}', but the batch has none.");
        var output = network.Forward(batch.Inputs)[Network.DefaultOutput];
        var classWeights = ExampleWeights.OfClasses(stage.Options.ClassWeights, task, stage.Label, stage.ClassCounts, output.device);
        var weights = ExampleWeights.Of(batch, target, task, classWeights);
        return ((stage.Options.Loss ?? task.DefaultLoss).Mean(output, target, weights), output);
    }
}
